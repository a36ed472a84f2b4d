package catalog

const (
	pgxConn       = "*github.com/jackc/pgx/v5.Conn"
	pgxTx         = "github.com/jackc/pgx/v5.Tx"
	pgxRows       = "github.com/jackc/pgx/v5.Rows"
	pgxRow        = "github.com/jackc/pgx/v5.Row"
	pgxBatch      = "github.com/jackc/pgx/v5.BatchResults"
	pgxCopySource = "github.com/jackc/pgx/v5.CopyFromSource"
)

// pgx5 is the native interface of pgx v5: the interfaces that pgxpool returns, and connections outside every pool.
var pgx5 = Library{Path: "github.com/jackc/pgx/v5", Doc: "https://pkg.go.dev/github.com/jackc/pgx/v5", Family: pgxpool5.Path, Rows: []Row{
	{Func: "Connect", Kind: Acquire, Resource: Conn, Type: pgxConn, DSN: 2, Holds: Server, Freed: closed, NothingOnErr: true, Measured: true,
		Note: "one server connection per call; abandoned ones are closed by the GC of the net.Conn"},
	{Func: "ConnectConfig", Kind: Acquire, Resource: Conn, Type: pgxConn, Holds: Server, Freed: closed, NothingOnErr: true, Measured: true},
	{Func: "ConnectWithOptions", Kind: Acquire, Resource: Conn, Type: pgxConn, DSN: 2, Holds: Server, Freed: closed, NothingOnErr: true, Measured: true},
	{Func: "ParseConfigWithOptions", Resource: "config", DSN: 1, Measured: true},
	{Func: "ParseConfig", Resource: "config", DSN: 1, Measured: true, Note: "rejects nothing of pool_*: the server refuses pool_max_conns as an unknown parameter"},
	{Func: "BeginFunc", Resource: Tx, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Measured: true,
		Note: "slot when db is a pool, savepoint when db is a Tx; releases on error and panic"},
	{Func: "BeginTxFunc", Resource: Tx, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Measured: true},
	{Func: "CollectRows", Kind: Consume, Resource: Rows, Callback: true, Measured: true,
		Note: "always closes, also on fn error; fn runs while rows hold the slot"},
	{Func: "CollectOneRow", Kind: Consume, Resource: Rows, Callback: true, Measured: true},
	{Func: "CollectExactlyOneRow", Kind: Consume, Resource: Rows, Callback: true, Measured: true},
	{Func: "AppendRows", Kind: Consume, Resource: Rows, Arg: 1, Callback: true, Measured: true},
	{Func: "ForEachRow", Kind: Consume, Resource: Rows, Callback: true, Measured: true, Note: "closes on panic too"},
	{Func: "RowTo", Resource: Line, Measured: true, Note: "scans the current row only; an error closes the rows (Scan=err)"},
	{Func: "RowToMap", Resource: Line, Measured: true},
	{Func: "RowToAddrOf", Resource: Line, Measured: true},
	{Func: "RowToStructByName", Resource: Line, Measured: true},
	{Func: "RowToStructByPos", Resource: Line, Measured: true},
	{Func: "RowToStructByNameLax", Resource: Line, Measured: true},
	{Func: "RowToAddrOfStructByName", Resource: Line, Measured: true},
	{Func: "RowToAddrOfStructByPos", Resource: Line, Measured: true},
	{Func: "RowToAddrOfStructByNameLax", Resource: Line, Measured: true},
	{Func: "RowsFromResultReader", Kind: Acquire, Resource: Rows, Type: pgxRows, Handle: 2, Holds: Parent, Freed: pgxRowsFreed, FreesReceiver: true, Measured: true,
		Note: "takes over the obligation of the *pgconn.ResultReader"},
	{Func: "ScanRow", Resource: Line, Measured: true},
	{Func: "FailedBatchResults", Resource: Batch, Measured: true, Note: "holds nothing"},

	{Recv: "*Conn", Func: "Close", Kind: Release, Resource: Conn, Holds: Server, Measured: true, Note: "idempotent"},
	{Recv: "*Conn", Func: "Begin", Kind: Acquire, Resource: Tx, Type: pgxTx, Holds: Parent, Freed: ended, NothingOnErr: true, Measured: true,
		Note: "on a busy conn it closes the conn"},
	{Recv: "*Conn", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: pgxTx, Holds: Parent, Freed: ended, NothingOnErr: true, Measured: true},
	{Recv: "*Conn", Func: "Query", Kind: Acquire, Resource: Rows, Type: pgxRows, Holds: Parent, Freed: pgxRowsFreed, NothingOnErr: true, Measured: true},
	{Recv: "*Conn", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: pgxRow, Holds: Parent, Freed: scanned, Measured: true},
	{Recv: "*Conn", Func: "SendBatch", Kind: Acquire, Resource: Batch, Type: pgxBatch, Holds: Parent, Freed: closed, Measured: true},
	{Recv: "*Conn", Func: "Exec", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Conn", Func: "CopyFrom", Resource: Conn, Holds: Parent, Callback: true, Measured: true},
	{Recv: "*Conn", Func: "Ping", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Conn", Func: "Prepare", Resource: Stmt, Measured: true},
	{Recv: "*Conn", Func: "Deallocate", Resource: Stmt, Measured: true},
	{Recv: "*Conn", Func: "DeallocateAll", Resource: Stmt, Measured: true},
	{Recv: "*Conn", Func: "WaitForNotification", Resource: Conn, Holds: Parent, Measured: true, Note: "blocks; a listener keeps its conn for life"},
	{Recv: "*Conn", Func: "LoadType", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Conn", Func: "LoadTypes", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Conn", Func: "PgConn", Resource: Conn, Measured: true},
	{Recv: "*Conn", Func: "IsClosed", Resource: Conn, Measured: true},
	{Recv: "*Conn", Func: "Config", Resource: "config", Measured: true},
	{Recv: "*Conn", Func: "TypeMap", Resource: Conn, Measured: true},

	{Recv: "Rows", Func: "Close", Kind: Release, Resource: Rows, Holds: SlotIfPool, Measured: true, Note: "idempotent; drains the rest (2.1 s for 5M rows)"},
	{Recv: "Rows", Func: "Next", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextFalse, Measured: true,
		Note: "only the false return releases; reading exactly all rows without the last Next leaks"},
	{Recv: "Rows", Func: "Scan", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: scanError, Measured: true, Note: "only an error releases"},
	{Recv: "Rows", Func: "Values", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: valuesError, Measured: true, Note: "only an error releases (ok: measured held)"},
	{Recv: "Rows", Func: "Err", Kind: Release, Resource: Rows, Freed: errError, Measured: true},
	{Recv: "Rows", Func: "CommandTag", Resource: Rows, Measured: true},
	{Recv: "Rows", Func: "FieldDescriptions", Resource: Rows, Measured: true},
	{Recv: "Rows", Func: "RawValues", Resource: Rows, Measured: true},
	{Recv: "Rows", Func: "Conn", Resource: Conn, Measured: true},
	{Recv: "Rows", Func: "TypeMap", Resource: Rows, Measured: true, Note: "new in 5.11"},

	{Recv: "Row", Func: "Scan", Kind: Release, Resource: Line, Holds: SlotIfPool, Measured: true,
		Note: "releases on ok, ErrNoRows, scan error and SQL error"},

	{Recv: "Tx", Func: "Commit", Kind: Release, Resource: Tx, Holds: SlotIfPool, Measured: true},
	{Recv: "Tx", Func: "Rollback", Kind: Release, Resource: Tx, Holds: SlotIfPool, Measured: true},
	{Recv: "Tx", Func: "Begin", Kind: Acquire, Resource: Tx, Type: pgxTx, Holds: Parent, Freed: ended, NothingOnErr: true, Measured: true,
		Note: "savepoint"},
	{Recv: "Tx", Func: "Query", Kind: Acquire, Resource: Rows, Type: pgxRows, Holds: Parent, Freed: pgxRowsFreed, NothingOnErr: true, Measured: true},
	{Recv: "Tx", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: pgxRow, Holds: Parent, Freed: scanned, Measured: true},
	{Recv: "Tx", Func: "SendBatch", Kind: Acquire, Resource: Batch, Type: pgxBatch, Holds: Parent, Freed: closed, Measured: true},
	{Recv: "Tx", Func: "Exec", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "Tx", Func: "CopyFrom", Resource: Conn, Holds: Parent, Callback: true, Measured: true},
	{Recv: "Tx", Func: "Prepare", Resource: Stmt, Measured: true},
	{Recv: "Tx", Func: "LargeObjects", Resource: "lob", Measured: true},
	{Recv: "Tx", Func: "Conn", Resource: Conn, Measured: true},

	{Recv: "BatchResults", Func: "Close", Kind: Release, Resource: Batch, Holds: SlotIfPool, Measured: true,
		Note: "runs the QueuedQuery callbacks while the slot is held"},
	{Recv: "BatchResults", Func: "Exec", Resource: Batch, Measured: true},
	{Recv: "BatchResults", Func: "Query", Kind: Acquire, Resource: Rows, Type: pgxRows, Holds: Parent, Freed: pgxRowsFreed, NothingOnErr: true, Measured: true,
		Note: "closing them never frees the slot; BatchResults.Close closes them"},
	{Recv: "BatchResults", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: pgxRow, Holds: Parent, Freed: scanned, Measured: true,
		Note: "Scan never frees the slot"},
	{Recv: "BatchResults", Func: "Tx", Kind: Acquire, Resource: Tx, Type: pgxTx, Holds: SlotIfPool, Freed: ended, Measured: true,
		Note: ">=5.12; nil unless Batch.BeginTx; owns the slot instead of the batch"},

	{Recv: "*Batch", Func: "Queue", Resource: Batch, Measured: true},
	{Recv: "*Batch", Func: "BeginTx", Resource: Batch, Measured: true, Note: "moves the release obligation from BatchResults.Close to BatchResults.Tx()"},
	{Recv: "*Batch", Func: "Len", Resource: Batch, Measured: true},

	{Recv: "*QueuedQuery", Func: "Query", Resource: Rows, Callback: true, Measured: true, Note: "rows given to fn are closed for it"},
	{Recv: "*QueuedQuery", Func: "QueryRow", Resource: Line, Callback: true, Measured: true},
	{Recv: "*QueuedQuery", Func: "Exec", Resource: Batch, Callback: true, Measured: true},

	{Recv: "*LargeObjects", Func: "Create", Resource: "lob", Holds: Parent, Measured: true},
	{Recv: "*LargeObjects", Func: "Open", Resource: "lob", Holds: Parent, Measured: true},
	{Recv: "*LargeObjects", Func: "Unlink", Resource: "lob", Holds: Parent, Measured: true},

	{Recv: "*LargeObject", Func: "Close", Resource: "lob", Measured: true, Note: "frees no connection"},
}}
