/// What the connections of one event loop make their calls with.
///
/// Confined to that loop.
struct ConnectionDesk {
    let intake: Intake
    let maker: any CallMaker
}
