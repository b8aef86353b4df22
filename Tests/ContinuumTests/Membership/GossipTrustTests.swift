import Continuum
import Domain
import Testing

/// What a node that was taken over may say of itself and of others.
struct GossipTrustTests {
    private let tier: Tier
    private let (edge, cloud): (NodeName, NodeName)

    init() throws {
        (edge, cloud) = (try NodeName("edge"), try NodeName("cloud"))
        tier = try SampleReport.make("edge").description.tier
    }

    @Test("a node is what its certificate says")
    func own() throws {
        let report = try SampleReport.make("edge")
        let site = report.description.site
        #expect(GossipTrust.believed([report], from: edge, tier: tier, site: site, founder: cloud) == [report])
        let other = try Tier("another")
        #expect(GossipTrust.believed([report], from: edge, tier: other, site: site, founder: cloud) == nil)
        let place = try Site("elsewhere")
        #expect(GossipTrust.believed([report], from: edge, tier: tier, site: place, founder: cloud) == nil)
    }

    @Test("only the founder removes nodes")
    func removal() throws {
        let gone = try SampleReport.make("third", state: .removed)
        let there = try SampleReport.make("fourth")
        let told = GossipTrust.believed([gone, there], from: edge, tier: tier, site: nil, founder: cloud)
        #expect(told == [there])
        let founder = GossipTrust.believed([gone, there], from: cloud, tier: tier, site: nil, founder: cloud)
        #expect(founder == [gone, there])
    }
}
