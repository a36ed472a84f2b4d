package catalog

// The types of database/sql, which many libraries return.
const (
	sqlDB     = "*database/sql.DB"
	sqlConn   = "*database/sql.Conn"
	sqlTx     = "*database/sql.Tx"
	sqlRows   = "*database/sql.Rows"
	sqlRow    = "*database/sql.Row"
	sqlStmt   = "*database/sql.Stmt"
	sqlResult = "database/sql.Result"
)

// databaseSQL is the standard library. Ending the context of the call frees its rows, row and tx, but not its conn.
var databaseSQL = Library{Path: "database/sql", Doc: "https://pkg.go.dev/database/sql", NoCtx: true, Rows: []Row{
	{Func: "Open", Kind: Construct, Resource: Pool, Type: sqlDB, Driver: 1, DSN: 2, Freed: closed, NothingOnErr: true, Measured: true,
		Note: "opens nothing. MaxOpen 0 = unlimited, MaxIdle 2, lifetimes unlimited. A goroutine keeps it alive: never garbage-collected"},
	{Func: "OpenDB", Kind: Construct, Resource: Pool, Type: sqlDB, Freed: closed, Measured: true},

	{Recv: "*DB", Func: "Begin", Kind: Acquire, Resource: Tx, Type: sqlTx, Holds: Slot, Freed: ended, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "Background"},
	{Recv: "*DB", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: sqlTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "ctx cancel rolls back and releases (pgx and pq: conn destroyed)"},
	{Recv: "*DB", Func: "Close", Kind: Release, Resource: Pool, Measured: true,
		Note: "returns at once even with conns in use; those stay open until their holder is closed"},
	{Recv: "*DB", Func: "Conn", Kind: Acquire, Resource: Conn, Type: sqlConn, Holds: Slot, Freed: closed, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "a canceled ctx does not release"},
	{Recv: "*DB", Func: "Driver", Resource: "driver", Measured: true},
	{Recv: "*DB", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "Ping", Resource: Conn, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "PingContext", Resource: Conn, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "an unclosed Stmt holds no slot; it keeps server-side prepared statements"},
	{Recv: "*DB", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "rows is nil on error; a Scan error does not release"},
	{Recv: "*DB", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Slot, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "ctx cancel closes the rows at once"},
	{Recv: "*DB", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Slot, Freed: sqlRowFreed, Blocks: true, Measured: true,
		Note: "Row.Err does not release"},
	{Recv: "*DB", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Slot, Freed: sqlRowFreed, CtxFrees: true, Blocks: true, Measured: true,
		Note: "ctx cancel closes it"},
	{Recv: "*DB", Func: "SetMaxOpenConns", Resource: Pool, Measured: true, Note: "0 = unlimited"},
	{Recv: "*DB", Func: "SetMaxIdleConns", Resource: Pool, Measured: true, Note: "default 2"},
	{Recv: "*DB", Func: "SetConnMaxLifetime", Resource: Pool, Measured: true, Note: "never reclaims a conn in use"},
	{Recv: "*DB", Func: "SetConnMaxIdleTime", Resource: Pool, Measured: true},
	{Recv: "*DB", Func: "Stats", Resource: Pool, Measured: true},

	{Recv: "*Conn", Func: "Close", Kind: Release, Resource: Conn, Holds: Slot, Measured: true,
		Note: "blocks for ever while Rows, an unscanned Row or a Tx of this Conn is open"},
	{Recv: "*Conn", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: sqlTx, Holds: Parent, Freed: ended, CtxFrees: true, NothingOnErr: true, Measured: true,
		Note: "Commit does not release the *Conn; with driver pgx a ctx cancel also discards the *Conn"},
	{Recv: "*Conn", Func: "ExecContext", Resource: Conn, Holds: Parent, Measured: true,
		Note: "with rows open on the same Conn and driver pgx: self-deadlock, ignores its ctx"},
	{Recv: "*Conn", Func: "PingContext", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Conn", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, NothingOnErr: true, Measured: true},
	{Recv: "*Conn", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true, Measured: true,
		Note: "ctx cancel closes the rows, the *Conn stays held"},
	{Recv: "*Conn", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Parent, Freed: sqlRowFreed, CtxFrees: true, Measured: true},
	{Recv: "*Conn", Func: "Raw", Resource: Conn, Holds: Parent, Callback: true, Measured: true, Note: "panic in f discards the conn"},

	{Recv: "*Tx", Func: "Commit", Kind: Release, Resource: Tx, Holds: SlotIfPool, Measured: true,
		Note: "closes open Rows and Stmts first; blocks for ever if sql.RawBytes was scanned and Next/Close not called"},
	{Recv: "*Tx", Func: "Rollback", Kind: Release, Resource: Tx, Holds: SlotIfPool, Measured: true},
	{Recv: "*Tx", Func: "Exec", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "ExecContext", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, NothingOnErr: true, Measured: true,
		Note: "closed by Commit/Rollback"},
	{Recv: "*Tx", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, NothingOnErr: true, Measured: true},
	{Recv: "*Tx", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Parent, Freed: sqlRowsFreed, NothingOnErr: true, Measured: true,
		Note: "closed by Commit/Rollback"},
	{Recv: "*Tx", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true, Measured: true,
		Note: "closed by Commit/Rollback"},
	{Recv: "*Tx", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Parent, Freed: sqlRowFreed, Measured: true},
	{Recv: "*Tx", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Parent, Freed: sqlRowFreed, CtxFrees: true, Measured: true},
	{Recv: "*Tx", Func: "Stmt", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Measured: true, Note: "closed by Commit/Rollback"},
	{Recv: "*Tx", Func: "StmtContext", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Measured: true},

	{Recv: "*Stmt", Func: "Close", Kind: Release, Resource: Stmt, Measured: true, Note: "does not close Rows of the Stmt"},
	{Recv: "*Stmt", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true,
		Note: "slot when prepared on a DB (also inside a transaction!), parent when on Tx/Conn"},
	{Recv: "*Stmt", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Stmt", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Stmt", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: sqlRowFreed, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: sqlRowFreed, CtxFrees: true, Blocks: true, Measured: true},

	{Recv: "*Rows", Func: "Close", Kind: Release, Resource: Rows, Holds: SlotIfPool, Measured: true, Note: "idempotent; drains"},
	{Recv: "*Rows", Func: "Next", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextFalse, Measured: true,
		Note: "not when a further result set exists (lib/pq simple query 'a; b')"},
	{Recv: "*Rows", Func: "NextResultSet", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextResultSetFalse, Measured: true},
	{Recv: "*Rows", Func: "Scan", Resource: Rows, Measured: true, Note: "an error does not release (it does in pgx); scanning RawBytes blocks the ctx close"},
	{Recv: "*Rows", Func: "Err", Kind: Release, Resource: Rows, Freed: errError, Measured: true},
	{Recv: "*Rows", Func: "Columns", Resource: Rows, Measured: true},
	{Recv: "*Rows", Func: "ColumnTypes", Resource: Rows, Measured: true},

	{Recv: "*Row", Func: "Scan", Kind: Release, Resource: Line, Holds: SlotIfPool, Measured: true, Note: "every outcome releases"},
	{Recv: "*Row", Func: "Err", Kind: Release, Resource: Line, Freed: errError, Measured: true, Note: "does not release"},
}}
