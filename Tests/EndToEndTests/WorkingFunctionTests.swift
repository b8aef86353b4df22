import Foundation
import Testing

/// Functions that do what functions do: the sandbox is not in their way.
@Suite("Functions that work", .timeLimit(.minutes(5)))
struct WorkingFunctionTests {
    @Test("Swift with Foundation, Dispatch, threads and tasks, fully static", arguments: Account.available)
    func swift(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishWorkingFunction("memory: 192MiB")
            for _ in 0..<3 { #expect(try await node.call("working", "").text == "9 right") }
        }
    }

    @Test("Python's standard library", arguments: Account.available)
    func python(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "library",
                #"""
                import asyncio, concurrent.futures, csv, ctypes, decimal, gzip, hashlib, io, json, os, queue, random, re, shutil, \
                    sqlite3, ssl, subprocess, tempfile, threading, time, urllib.request, uuid, zipfile, zoneinfo
                def sqlite():
                    db = sqlite3.connect("/tmp/a.db"); db.execute("pragma journal_mode = wal"); db.execute("create table t (x)")
                    db.executemany("insert into t values (?)", [(i,) for i in range(1000)]); db.commit()
                    return db.execute("select sum(x) from t").fetchone()[0] == 499500
                def threads():
                    found = []; all = [threading.Thread(target=lambda n: found.append(n), args=(n,)) for n in range(8)]
                    [t.start() for t in all]; [t.join() for t in all]
                    with concurrent.futures.ThreadPoolExecutor(4) as pool: doubled = list(pool.map(lambda n: n * 2, range(8)))
                    return len(found) == 8 and doubled[7] == 14
                def tasks():
                    async def one(n): await asyncio.sleep(0.01); return await asyncio.to_thread(lambda: n)
                    async def all(): return sum(await asyncio.gather(*[one(n) for n in range(10)]))
                    return asyncio.run(all()) == 45
                def files():
                    with tempfile.TemporaryDirectory() as folder:
                        path = os.path.join(folder, "a.gz"); gzip.open(path, "wb").write(b"x" * 100000)
                        shutil.copy(path, path + "2"); os.replace(path + "2", path + "3")
                        zipfile.ZipFile(folder + "/z.zip", "w").writestr("a", "b")
                        return gzip.open(path + "3").read() == b"x" * 100000 and len(os.listdir(folder)) == 3
                def tls(): return ssl.create_default_context().check_hostname and ssl.MemoryBIO().pending == 0
                def crypto(): return hashlib.scrypt(b"a", salt=b"b", n=1024, r=8, p=1)[:1] is not None and len(uuid.uuid4().bytes) == 16
                def native(): return ctypes.CDLL(None).getpid() == os.getpid()
                def memory(): return len(bytearray(40 << 20)) > 0
                def refused():
                    try: urllib.request.urlopen("http://192.0.2.1/", timeout=1); return False
                    except OSError: return True
                def handle(event, context):
                    return {check.__name__: bool(check()) for check in (sqlite, threads, tasks, files, tls, crypto, native, memory, refused)}
                """#,
                "reuse: never\nmemory: 192MiB"
            )
            for _ in 0..<2 {
                let answer = try await node.call("library")
                #expect(answer.status == 200, "\(answer.text)")
                let found = try answer.json([String: Bool].self)
                #expect(found.count == 9 && found.values.allSatisfy { $0 }, "\(found)")
            }
        }
    }

    private static var hasNumPy: Bool {
        let folders = ["/usr/lib/python3/dist-packages/numpy", "/usr/local/lib/python3/dist-packages/numpy"]
        return folders.contains { FileManager.default.fileExists(atPath: $0) }
    }

    @Test(
        "numpy with the threads of its linear algebra",
        .enabled(if: hasNumPy, "needs python3-numpy"),
        arguments: Account.available
    )
    func numpy(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "solve",
                """
                import numpy
                def handle(event, context):
                    random = numpy.random.default_rng(7)
                    a, x = random.random((200, 200)), random.random(200)
                    return str(bool(numpy.allclose(numpy.linalg.solve(a, a @ x), x)))
                """,
                "memory: 256MiB\ntimeout: 20s"
            )
            let answer = try await node.call("solve")
            #expect(answer.status == 200 && answer.text == "True", "\(answer.text)")
        }
    }
}
