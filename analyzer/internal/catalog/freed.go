package catalog

// What frees the holders of the libraries, where more than one row shares it.
var (
	closed       = []Event{{Method: "Close"}}
	ended        = []Event{{Method: "Commit"}, {Method: "Rollback"}}
	scanned      = []Event{{Method: "Scan"}}
	released     = []Event{{Method: "Release"}, {Method: "Hijack"}}
	handedOut    = []Event{{Method: "DB"}} // gorm: whoever takes the *sql.DB out of the pool closes it
	goPGTxFreed  = []Event{{Method: "Commit"}, {Method: "Rollback"}, {Method: "Close"}, {Method: "CommitContext"}, {Method: "RollbackContext"}, {Method: "CloseContext"}}
	dbrTxFreed   = []Event{{Method: "Commit"}, {Method: "Rollback"}, {Method: "RollbackUnlessCommitted"}}
	xormTxFreed  = []Event{{Method: "Commit"}, {Method: "Rollback"}, {Method: "Close"}}
	puddleFreed  = []Event{{Method: "Release"}, {Method: "ReleaseUnused"}, {Method: "Destroy"}, {Method: "Hijack"}}
	pgconnFreed  = []Event{{Method: "Close"}, {Method: "Hijack"}}
	sqlxRowFreed = []Event{{Method: "Scan"}, {Method: "StructScan"}, {Method: "MapScan"}, {Method: "SliceScan"}, {Method: "Err", When: OnError}}

	// A row of database/sql whose query failed holds nothing, so an error from Err means there is nothing to free; a row of
	// pgx holds its connection also then, and has no Err.
	sqlRowFreed = []Event{{Method: "Scan"}, {Method: "Err", When: OnError}}

	// Rows have an error only once they are closed, in both libraries.
	//
	// database/sql and pgx are opposites here: a Scan error frees the rows of pgx, and those of database/sql stay open.
	sqlRowsFreed = []Event{{Method: "Close"}, {Method: "Next", When: OnFalse}, {Method: "Err", When: OnError}}
	pgxRowsFreed = []Event{{Method: "Close"}, {Method: "Next", When: OnFalse}, {Method: "Scan", When: OnError}, {Method: "Values", When: OnError}, {Method: "Err", When: OnError}}

	// The readers of package pgconn. A false NextRow of a ResultReader does not free the connection, nor
	// does a false NextResult, which leaves the rest of the messages unread after an error.
	multiFreed  = []Event{{Method: "Close"}, {Method: "ReadAll"}}
	readerFreed = []Event{{Method: "Close"}, {Method: "Read"}}
)

// The outcomes of releasing methods that do not always release.
var (
	nextFalse          = []Event{{Method: "Next", When: OnFalse}}
	nextResultSetFalse = []Event{{Method: "NextResultSet", When: OnFalse}}
	scanError          = []Event{{Method: "Scan", When: OnError}}
	errError           = []Event{{Method: "Err", When: OnError}} // the query or the reading failed: nothing is held
	valuesError        = []Event{{Method: "Values", When: OnError}}
)
