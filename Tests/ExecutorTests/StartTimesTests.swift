import Domain
import Executor
import Testing

struct StartTimesTests {
    @Test("in whatever order the two tell, the parts are the same")
    func order() {
        var spawnerFirst = StartTimes(created: 100)
        spawnerFirst.spawned(at: 130, exec: 20)
        spawnerFirst.ready(at: 200, function: 40)
        var functionFirst = StartTimes(created: 100)
        functionFirst.ready(at: 200, function: 40)
        functionFirst.spawned(at: 130, exec: 20)
        let parts = CallPhases(spawn: 30, exec: 20, initialise: 70, function: 40)
        #expect(spawnerFirst.phases == parts)
        #expect(functionFirst.phases == parts)
    }

    @Test("what nobody has told of yet is the spawner's")
    func untold() {
        var times = StartTimes(created: 100)
        #expect(times.phases == CallPhases())
        times.ready(at: 200, function: 40)
        #expect(times.phases == CallPhases(spawn: 100))
    }

    @Test("no part is longer than what it is a part of, whatever is told")
    func bounds() {
        var times = StartTimes(created: 100)
        times.ready(at: 150, function: .max)
        times.spawned(at: 400, exec: .max)
        #expect(times.phases == CallPhases(spawn: 50, exec: 50))
        // A process that was there before it was asked for.
        times = StartTimes(created: 100)
        times.ready(at: 100, function: 0)
        times.spawned(at: 20, exec: 10)
        #expect(times.phases == CallPhases())
    }
}
