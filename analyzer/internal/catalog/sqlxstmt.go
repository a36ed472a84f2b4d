package catalog

// sqlxStmts is prepared statements: as in database/sql one prepared on a pool takes a connection of its own at each use.
var sqlxStmts = []Row{
	{Recv: "*Stmt", Func: "Queryx", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Stmt", Func: "QueryxContext", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Stmt", Func: "QueryRowx", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: SlotIfPool, Freed: sqlxRowFreed, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "QueryRowxContext", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: SlotIfPool, Freed: sqlxRowFreed, CtxFrees: true, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "Get", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "GetContext", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "Select", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "SelectContext", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "MustExec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Stmt", Func: "MustExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},

	{Recv: "*NamedStmt", Func: "Close", Kind: Release, Resource: Stmt, Measured: true, Note: "does not close its rows"},
	{Recv: "*NamedStmt", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*NamedStmt", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*NamedStmt", Func: "Queryx", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*NamedStmt", Func: "QueryxContext", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*NamedStmt", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: SlotIfPool, Freed: sqlxRowFreed, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: SlotIfPool, Freed: sqlxRowFreed, CtxFrees: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "QueryRowx", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: SlotIfPool, Freed: sqlxRowFreed, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "QueryRowxContext", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: SlotIfPool, Freed: sqlxRowFreed, CtxFrees: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "Get", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "GetContext", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "Select", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "SelectContext", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "MustExec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*NamedStmt", Func: "MustExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},

	{Recv: "*Stmt", Func: "Unsafe", Resource: Stmt, Alias: true, Measured: true},
	{Recv: "*NamedStmt", Func: "Unsafe", Resource: Stmt, Alias: true, Measured: true},
}

var sqlxResults = []Row{
	{Recv: "*Rows", Func: "StructScan", Resource: Rows, Measured: true, Note: "one row; never closes"},
	{Recv: "*Rows", Func: "MapScan", Resource: Rows, Measured: true, Note: "one row"},
	{Recv: "*Rows", Func: "SliceScan", Resource: Rows, Measured: true, Note: "one row"},

	{Recv: "*Row", Func: "Scan", Kind: Release, Resource: Line, Holds: SlotIfPool, Measured: true},
	{Recv: "*Row", Func: "StructScan", Kind: Release, Resource: Line, Holds: SlotIfPool, Measured: true, Note: "also on a bad destination"},
	{Recv: "*Row", Func: "MapScan", Kind: Release, Resource: Line, Holds: SlotIfPool, Measured: true},
	{Recv: "*Row", Func: "SliceScan", Kind: Release, Resource: Line, Holds: SlotIfPool, Measured: true},
	{Recv: "*Row", Func: "Err", Kind: Release, Resource: Line, Freed: errError, Measured: true},
	{Recv: "*Row", Func: "Columns", Resource: Line, Measured: true},
	{Recv: "*Row", Func: "ColumnTypes", Resource: Line, Measured: true},
}

// sqlxInterfaces is the methods of the interfaces that sqlx takes: a pool, a conn or a tx is behind them.
var sqlxInterfaces = []Row{
	{Recv: "Queryer", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "Queryer", Func: "Queryx", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "Queryer", Func: "QueryRowx", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: SlotIfPool, Freed: sqlxRowFreed, Blocks: true, Measured: true},
	{Recv: "QueryerContext", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "QueryerContext", Func: "QueryxContext", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "QueryerContext", Func: "QueryRowxContext", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: SlotIfPool, Freed: sqlxRowFreed, CtxFrees: true, Blocks: true, Measured: true},
	{Recv: "Execer", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "ExecerContext", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "Preparer", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "PreparerContext", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
}
