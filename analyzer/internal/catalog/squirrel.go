package catalog

import "slices"

const squirrelRow = "github.com/Masterminds/squirrel.RowScanner"

// squirrel builds queries and runs them on the database, conn or tx that RunWith was given.
var squirrel = Library{
	Path:   "github.com/Masterminds/squirrel",
	Doc:    "https://pkg.go.dev/github.com/Masterminds/squirrel",
	Family: databaseSQL.Path,
	NoCtx:  true,
	Rows:   slices.Concat(squirrelRows, squirrelInterfaces),
	Embeds: map[string]string{"*Row": squirrelRow},
}

var squirrelRows = []Row{
	{Func: "QueryWith", Kind: Acquire, Resource: Rows, Type: sqlRows, Handle: 1, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Func: "QueryContextWith", Kind: Acquire, Resource: Rows, Type: sqlRows, Handle: 2, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Func: "QueryRowWith", Kind: Acquire, Resource: Line, Type: squirrelRow, Handle: 1, Holds: SlotIfPool, Freed: scanned, Blocks: true},
	{Func: "QueryRowContextWith", Kind: Acquire, Resource: Line, Type: squirrelRow, Handle: 2, Holds: SlotIfPool, Freed: scanned, CtxFrees: true, Blocks: true},
	{Func: "ExecWith", Resource: Conn, Handle: 1, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Func: "ExecContextWith", Resource: Conn, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true},

	{Recv: "SelectBuilder", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "SelectBuilder", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "SelectBuilder", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, Blocks: true, Measured: true,
		Note: "the result is the interface squirrel.RowScanner"},
	{Recv: "SelectBuilder", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, CtxFrees: true, Blocks: true},
	{Recv: "SelectBuilder", Func: "Scan", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "SelectBuilder", Func: "ScanContext", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "SelectBuilder", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "SelectBuilder", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},

	{Recv: "InsertBuilder", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true,
		Note: "INSERT .. RETURNING"},
	{Recv: "InsertBuilder", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "InsertBuilder", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, Blocks: true},
	{Recv: "InsertBuilder", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, CtxFrees: true, Blocks: true},
	{Recv: "InsertBuilder", Func: "Scan", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "InsertBuilder", Func: "ScanContext", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "InsertBuilder", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "InsertBuilder", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},

	{Recv: "UpdateBuilder", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "UpdateBuilder", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "UpdateBuilder", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, Blocks: true},
	{Recv: "UpdateBuilder", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, CtxFrees: true, Blocks: true},
	{Recv: "UpdateBuilder", Func: "Scan", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "UpdateBuilder", Func: "ScanContext", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "UpdateBuilder", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "UpdateBuilder", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},

	{Recv: "DeleteBuilder", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "DeleteBuilder", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "DeleteBuilder", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, CtxFrees: true, Blocks: true},
	{Recv: "DeleteBuilder", Func: "ScanContext", Resource: Line, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "DeleteBuilder", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "DeleteBuilder", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},

	{Func: "NewStmtCache", Resource: "stmtcache", Measured: true, Note: "keeps its statements until Clear"},
	{Func: "NewStmtCacher", Resource: "stmtcache"},
	{Func: "NewStmtCacheProxy", Resource: "stmtcache"},

	{Recv: "*StmtCache", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*StmtCache", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*StmtCache", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, Blocks: true},
	{Recv: "*StmtCache", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, CtxFrees: true, Blocks: true},
	{Recv: "*StmtCache", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*StmtCache", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*StmtCache", Func: "Prepare", Resource: Stmt, Holds: SlotIfPool, Transient: true, Blocks: true,
		Note: "keeps its mutex while it waits for a pool conn; the cache owns the statement"},
	{Recv: "*StmtCache", Func: "PrepareContext", Resource: Stmt, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*StmtCache", Func: "Clear", Resource: "stmtcache", Measured: true},

	{Recv: "*Row", Func: "Scan", Kind: Release, Resource: Line, Holds: SlotIfPool, Measured: true},
	{Recv: "RowScanner", Func: "Scan", Kind: Release, Resource: Line, Holds: SlotIfPool},
}

// squirrelInterfaces is the methods of the interfaces that squirrel takes: a pool, a conn or a tx is behind them.
var squirrelInterfaces = []Row{
	{Recv: "Queryer", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "QueryerContext", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "QueryRower", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, Blocks: true},
	{Recv: "QueryRowerContext", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: squirrelRow, Holds: SlotIfPool, Freed: scanned, CtxFrees: true, Blocks: true},
	{Recv: "Execer", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "ExecerContext", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "Preparer", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true},
	{Recv: "PreparerContext", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true},
	{Recv: "DBProxyBeginner", Func: "Begin", Kind: Acquire, Resource: Tx, Type: sqlTx, Holds: Slot, Freed: ended, Blocks: true, NothingOnErr: true},
	{Recv: "StdSql", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "StdSql", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: scanned, Blocks: true},
	{Recv: "StdSql", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "StdSqlCtx", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "StdSqlCtx", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: scanned, CtxFrees: true, Blocks: true},
	{Recv: "StdSqlCtx", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
}
