import GRDB

extension JournalError {
    /// What an error of the database means for whoever asked the journal for something.
    init(_ error: any Error) {
        if let error = error as? JournalError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed("\(error)")
            return
        }
        switch (error.resultCode, error.extendedResultCode) {
        case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_WRITE), (_, .SQLITE_IOERR_SHMSIZE): self = .full
        // The description has the statement, never the values that were bound.
        default: self = .failed("\(error)")
        }
    }
}
