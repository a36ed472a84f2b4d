package catalog

const (
	pgx4Conn       = "*github.com/jackc/pgx/v4.Conn"
	pgx4Tx         = "github.com/jackc/pgx/v4.Tx"
	pgx4Rows       = "github.com/jackc/pgx/v4.Rows"
	pgx4Row        = "github.com/jackc/pgx/v4.Row"
	pgx4Batch      = "github.com/jackc/pgx/v4.BatchResults"
	pgx4CopySource = "github.com/jackc/pgx/v4.CopyFromSource"
	pgx4TxFunc     = "func(" + pgx4Tx + ") error"
	pgx4QueryFunc  = "func(github.com/jackc/pgx/v4.QueryFuncRow) error"
)

// pgx4 is the native interface of pgx v4. Its rows, row, tx and batch are freed as those of v5 are. What v5 does with package
// functions (BeginFunc, CollectRows) are methods here: BeginFunc, BeginTxFunc, QueryFunc.
var pgx4 = Library{Path: "github.com/jackc/pgx/v4", Doc: "https://pkg.go.dev/github.com/jackc/pgx/v4", Family: pgxpool4.Path, Rows: []Row{
	{Func: "Connect", Kind: Acquire, Resource: Conn, Type: pgx4Conn, DSN: 2, Holds: Server, Freed: closed, NothingOnErr: true, Note: "one server connection per call"},
	{Func: "ConnectConfig", Kind: Acquire, Resource: Conn, Type: pgx4Conn, Holds: Server, Freed: closed, NothingOnErr: true},
	{Func: "ParseConfig", Resource: "config", DSN: 1},
	{Func: "ScanRow", Resource: Line},

	{Recv: "*Conn", Func: "Close", Kind: Release, Resource: Conn, Holds: Server, Note: "idempotent"},
	{Recv: "*Conn", Func: "Begin", Kind: Acquire, Resource: Tx, Type: pgx4Tx, Holds: Parent, Freed: ended, NothingOnErr: true,
		Note: "ctx only bounds BEGIN: no auto rollback; a BEGIN that fails closes the conn"},
	{Recv: "*Conn", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: pgx4Tx, Holds: Parent, Freed: ended, NothingOnErr: true},
	{Recv: "*Conn", Func: "BeginFunc", Resource: Tx, Holds: Parent, Callback: true, Note: "ends the transaction on error and panic too"},
	{Recv: "*Conn", Func: "BeginTxFunc", Resource: Tx, Holds: Parent, Callback: true},
	{Recv: "*Conn", Func: "Query", Kind: Acquire, Resource: Rows, Type: pgx4Rows, Holds: Parent, Freed: pgxRowsFreed, NothingOnErr: true},
	{Recv: "*Conn", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: pgx4Row, Holds: Parent, Freed: scanned},
	{Recv: "*Conn", Func: "QueryFunc", Resource: Rows, Holds: Parent, Callback: true, Note: "closes the rows on every path"},
	{Recv: "*Conn", Func: "SendBatch", Kind: Acquire, Resource: Batch, Type: pgx4Batch, Holds: Parent, Freed: closed},
	{Recv: "*Conn", Func: "Exec", Resource: Conn, Holds: Parent},
	{Recv: "*Conn", Func: "CopyFrom", Resource: Conn, Holds: Parent, Callback: true},
	{Recv: "*Conn", Func: "Ping", Resource: Conn, Holds: Parent},
	{Recv: "*Conn", Func: "Prepare", Resource: Stmt},
	{Recv: "*Conn", Func: "Deallocate", Resource: Stmt},
	{Recv: "*Conn", Func: "WaitForNotification", Resource: Conn, Holds: Parent, Note: "blocks; a listener keeps its conn for life"},
	{Recv: "*Conn", Func: "PgConn", Resource: Conn},
	{Recv: "*Conn", Func: "StatementCache", Resource: "stmtcache"},
	{Recv: "*Conn", Func: "IsClosed", Resource: Conn},
	{Recv: "*Conn", Func: "Config", Resource: "config"},
	{Recv: "*Conn", Func: "ConnInfo", Resource: Conn},

	{Recv: "Rows", Func: "Close", Kind: Release, Resource: Rows, Holds: SlotIfPool, Note: "idempotent; drains the rest"},
	{Recv: "Rows", Func: "Next", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextFalse, Note: "only the false return releases"},
	{Recv: "Rows", Func: "Scan", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: scanError, Note: "only an error releases"},
	{Recv: "Rows", Func: "Values", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: valuesError, Note: "only an error releases"},
	{Recv: "Rows", Func: "Err", Kind: Release, Resource: Rows, Freed: errError},
	{Recv: "Rows", Func: "CommandTag", Resource: Rows},
	{Recv: "Rows", Func: "FieldDescriptions", Resource: Rows},
	{Recv: "Rows", Func: "RawValues", Resource: Rows},

	{Recv: "Row", Func: "Scan", Kind: Release, Resource: Line, Holds: SlotIfPool,
		Note: "every outcome releases, but for a panic of a destination's Scan (v5 releases then too)"},

	{Recv: "Tx", Func: "Commit", Kind: Release, Resource: Tx, Holds: SlotIfPool},
	{Recv: "Tx", Func: "Rollback", Kind: Release, Resource: Tx, Holds: SlotIfPool},
	{Recv: "Tx", Func: "Begin", Kind: Acquire, Resource: Tx, Type: pgx4Tx, Holds: Parent, Freed: ended, NothingOnErr: true, Note: "savepoint"},
	{Recv: "Tx", Func: "BeginFunc", Resource: Tx, Holds: Parent, Callback: true, Note: "savepoint; there is no Tx.BeginTxFunc"},
	{Recv: "Tx", Func: "Query", Kind: Acquire, Resource: Rows, Type: pgx4Rows, Holds: Parent, Freed: pgxRowsFreed, NothingOnErr: true},
	{Recv: "Tx", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: pgx4Row, Holds: Parent, Freed: scanned},
	{Recv: "Tx", Func: "QueryFunc", Resource: Rows, Holds: Parent, Callback: true},
	{Recv: "Tx", Func: "SendBatch", Kind: Acquire, Resource: Batch, Type: pgx4Batch, Holds: Parent, Freed: closed},
	{Recv: "Tx", Func: "Exec", Resource: Conn, Holds: Parent},
	{Recv: "Tx", Func: "CopyFrom", Resource: Conn, Holds: Parent, Callback: true},
	{Recv: "Tx", Func: "Prepare", Resource: Stmt},
	{Recv: "Tx", Func: "LargeObjects", Resource: "lob"},
	{Recv: "Tx", Func: "Conn", Resource: Conn},

	{Recv: "BatchResults", Func: "Close", Kind: Release, Resource: Batch, Holds: SlotIfPool},
	{Recv: "BatchResults", Func: "Exec", Resource: Batch},
	{Recv: "BatchResults", Func: "Query", Kind: Acquire, Resource: Rows, Type: pgx4Rows, Holds: Parent, Freed: pgxRowsFreed, NothingOnErr: true,
		Note: "closing them never frees the slot"},
	{Recv: "BatchResults", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: pgx4Row, Holds: Parent, Freed: scanned, Note: "Scan never frees the slot"},
	{Recv: "BatchResults", Func: "QueryFunc", Resource: Rows, Holds: Parent, Callback: true, Note: "closes its rows on every path"},

	{Recv: "*Batch", Func: "Queue", Resource: Batch},
	{Recv: "*Batch", Func: "Len", Resource: Batch},

	{Recv: "*LargeObjects", Func: "Create", Resource: "lob", Holds: Parent},
	{Recv: "*LargeObjects", Func: "Open", Resource: "lob", Holds: Parent},
	{Recv: "*LargeObjects", Func: "Unlink", Resource: "lob", Holds: Parent},

	{Recv: "*LargeObject", Func: "Close", Resource: "lob", Note: "frees no connection"},
}}
