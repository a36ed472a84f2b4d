package catalog

import "slices"

const (
	bunPath = "github.com/uptrace/bun"
	bunConn = "github.com/uptrace/bun.Conn"
	bunTx   = "github.com/uptrace/bun.Tx"
	bunStmt = "github.com/uptrace/bun.Stmt"

	bunTxFunc = "func(context.Context, github.com/uptrace/bun.Tx) error"
)

// bun wraps a *sql.DB. Its Conn, Tx and Stmt are values, not pointers, that embed those of database/sql.
var bun = Library{
	Path: bunPath,
	Doc:  "https://pkg.go.dev/github.com/uptrace/bun",
	Rows: slices.Concat(bunPool, bunTxs, bunConns, bunInterfaces, bunQueries, bunBuilders),
	Embeds: map[string]string{
		"*DB":  sqlDB, // inside an unexported struct
		"Conn": sqlConn,
		"Tx":   sqlTx,
		"Stmt": sqlStmt,
	},
}

var bunPool = []Row{
	{Func: "NewDB", Resource: Pool, Handle: 1, Alias: true, Measured: true, Note: "wraps the *sql.DB"},
	{Recv: "*DB", Func: "Close", Kind: Release, Resource: Pool, Measured: true, Note: "closes the *sql.DB"},
	{Recv: "*DB", Func: "Begin", Kind: Acquire, Resource: Tx, Type: bunTx, Holds: Slot, Freed: ended, Blocks: true, NothingOnErr: true, Measured: true, Note: "Background"},
	{Recv: "*DB", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: bunTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "RunInTx", Resource: Tx, Type: bunTxFunc, Holds: Slot, Transient: true, Blocks: true, Callback: true, Measured: true, Note: "releases on error and panic"},
	{Recv: "*DB", Func: "Conn", Kind: Acquire, Resource: Conn, Type: bunConn, Holds: Slot, Freed: closed, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "a canceled ctx does not release"},
	{Recv: "*DB", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*DB", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Slot, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Slot, Freed: sqlRowFreed, Blocks: true},
	{Recv: "*DB", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Slot, Freed: sqlRowFreed, CtxFrees: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: bunStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: bunStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "ScanRows", Kind: Consume, Resource: Rows, Arg: 1, Measured: true, Note: "closes on every path"},
	{Recv: "*DB", Func: "ScanRow", Resource: Rows, Measured: true, Note: "one row; does not close"},
	{Recv: "*DB", Func: "ResetModel", Resource: Conn, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*DB", Func: "WithNamedArg", Resource: Pool, Alias: true},
	{Recv: "*DB", Func: "WithQueryHook", Resource: Pool, Alias: true},
}

var bunTxs = []Row{
	{Recv: "Tx", Func: "Commit", Kind: Release, Resource: Tx, Holds: SlotIfPool, Measured: true, Note: "of a nested Tx: only releases the savepoint"},
	{Recv: "Tx", Func: "Rollback", Kind: Release, Resource: Tx, Holds: SlotIfPool},
	{Recv: "Tx", Func: "Begin", Kind: Acquire, Resource: Tx, Type: bunTx, Holds: Parent, Freed: ended, NothingOnErr: true, Note: "savepoint"},
	{Recv: "Tx", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: bunTx, Holds: Parent, Freed: ended, NothingOnErr: true, Measured: true, Note: "savepoint"},
	{Recv: "Tx", Func: "RunInTx", Resource: Tx, Holds: Parent, Callback: true, Note: "savepoint"},
	{Recv: "Tx", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Parent, Freed: sqlRowsFreed, NothingOnErr: true},
	{Recv: "Tx", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true},
	{Recv: "Tx", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Parent, Freed: sqlRowFreed},
	{Recv: "Tx", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Parent, Freed: sqlRowFreed, CtxFrees: true},
	{Recv: "Tx", Func: "Exec", Resource: Conn, Holds: Parent},
	{Recv: "Tx", Func: "ExecContext", Resource: Conn, Holds: Parent},
}

var bunConns = []Row{
	{Recv: "Conn", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: bunTx, Holds: Parent, Freed: ended, CtxFrees: true, NothingOnErr: true},
	{Recv: "Conn", Func: "RunInTx", Resource: Tx, Holds: Parent, Callback: true},
	{Recv: "Conn", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true},
	{Recv: "Conn", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Parent, Freed: sqlRowFreed, CtxFrees: true},
	{Recv: "Conn", Func: "ExecContext", Resource: Conn, Holds: Parent},
}

// bunInterfaces is what repositories take to work on a DB, a Conn or a Tx.
var bunInterfaces = []Row{
	{Recv: "IConn", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "IConn", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: sqlRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "IConn", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "IDB", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: bunTx, Holds: SlotIfPool, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "IDB", Func: "RunInTx", Resource: Tx, Type: bunTxFunc, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true},
	{Recv: "ConnResolver", Func: "ResolveConn", Resource: Conn},
}

var bunQueries = slices.Concat([]Row{
	{Recv: "*SelectQuery", Func: "Rows", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*SelectQuery", Func: "Scan", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*SelectQuery", Func: "Count", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*SelectQuery", Func: "ScanAndCount", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true,
		Note: "with Limit or Offset on a DB it takes two connections at once"},
	{Recv: "*RawQuery", Func: "Scan", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
},
	briefly("*SelectQuery", Rows, "Exists Exec"),
	briefly("*RawQuery", Rows, "Exec"),
	briefly("*InsertQuery", Conn, "Exec Scan"),
	briefly("*UpdateQuery", Conn, "Exec Scan"),
	briefly("*DeleteQuery", Conn, "Exec Scan"),
	briefly("*MergeQuery", Conn, "Exec Scan"),
	briefly("*CreateTableQuery", Conn, "Exec"),
	briefly("*DropTableQuery", Conn, "Exec"),
	briefly("*CreateIndexQuery", Conn, "Exec"),
	briefly("*DropIndexQuery", Conn, "Exec"),
	briefly("*TruncateTableQuery", Conn, "Exec"),
	briefly("*AddColumnQuery", Conn, "Exec"),
	briefly("*DropColumnQuery", Conn, "Exec"),
)
