import Testing

import Gateway

@Suite("Alarm")
struct AlarmTests {
    /// Longer than any test may take.
    private static let ages = Duration.seconds(3600)

    @Test("a ring ends the wait there is")
    func ringEndsWait() async {
        let alarm = Alarm()
        async let isOn = alarm.wait(for: Self.ages)
        try? await Task.sleep(for: .milliseconds(20))
        alarm.ring()
        #expect(await isOn)
    }

    @Test("a ring that nobody waited for ends the next wait, and no other")
    func ringIsKept() async {
        let alarm = Alarm()
        alarm.ring()
        alarm.ring()
        #expect(await alarm.wait(for: Self.ages))
        let began = ContinuousClock.now
        #expect(await alarm.wait(for: .milliseconds(30)))
        #expect(ContinuousClock.now - began >= .milliseconds(30))
    }

    @Test("a cancelled task waits no longer, and is told")
    func cancelling() async {
        let alarm = Alarm()
        let waiter = Task { await alarm.wait(for: Self.ages) }
        waiter.cancel()
        #expect(await waiter.value == false)
    }
}
