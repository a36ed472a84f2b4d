package catalog

import "slices"

const (
	sqlxDB        = "*github.com/jmoiron/sqlx.DB"
	sqlxConn      = "*github.com/jmoiron/sqlx.Conn"
	sqlxTx        = "*github.com/jmoiron/sqlx.Tx"
	sqlxRows      = "*github.com/jmoiron/sqlx.Rows"
	sqlxRow       = "*github.com/jmoiron/sqlx.Row"
	sqlxStmt      = "*github.com/jmoiron/sqlx.Stmt"
	sqlxNamedStmt = "*github.com/jmoiron/sqlx.NamedStmt"
)

// sqlx extends database/sql. Its types embed those of database/sql, whose methods keep their rows there.
var sqlx = Library{
	Path:   "github.com/jmoiron/sqlx",
	Doc:    "https://pkg.go.dev/github.com/jmoiron/sqlx",
	Family: databaseSQL.Path,
	NoCtx:  true,
	Rows:   slices.Concat(sqlxFuncs, sqlxPool, sqlxTxs, sqlxStmts, sqlxResults, sqlxInterfaces),
	Embeds: map[string]string{
		"*DB":   sqlDB,
		"*Conn": sqlConn,
		"*Tx":   sqlTx,
		"*Stmt": sqlStmt,
		"*Rows": sqlRows,
	},
}

var sqlxFuncs = []Row{
	{Func: "Open", Kind: Construct, Resource: Pool, Type: sqlxDB, Driver: 1, DSN: 2, Freed: closed, NothingOnErr: true, Measured: true},
	{Func: "MustOpen", Kind: Construct, Resource: Pool, Type: sqlxDB, Driver: 1, DSN: 2, Freed: closed, Measured: true},
	{Func: "Connect", Kind: Construct, Resource: Pool, Type: sqlxDB, Driver: 1, DSN: 2, Freed: closed, NothingOnErr: true, Measured: true,
		Note: "closes the DB when the ping fails"},
	{Func: "MustConnect", Kind: Construct, Resource: Pool, Type: sqlxDB, Driver: 1, DSN: 2, Freed: closed, Measured: true},
	{Func: "ConnectContext", Kind: Construct, Resource: Pool, Type: sqlxDB, Driver: 2, DSN: 3, Freed: closed, Measured: true,
		Note: "returns a non-nil open DB together with a ping error"},
	{Func: "NewDb", Resource: Pool, Handle: 1, Alias: true, Measured: true, Note: "wraps; no conn"},
	{Func: "In", Measured: true, Note: "pure"},
	{Func: "Named", Measured: true, Note: "pure"},
	{Func: "Select", Resource: Rows, Handle: 1, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "SelectContext", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "Get", Resource: Line, Handle: 1, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "GetContext", Resource: Line, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "MustExec", Resource: Conn, Handle: 1, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "MustExecContext", Resource: Conn, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "NamedExec", Resource: Conn, Handle: 1, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "NamedExecContext", Resource: Conn, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "NamedQuery", Kind: Acquire, Resource: Rows, Type: sqlxRows, Handle: 1, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Func: "NamedQueryContext", Kind: Acquire, Resource: Rows, Type: sqlxRows, Handle: 2, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Func: "Preparex", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Handle: 1, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Func: "PreparexContext", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Handle: 2, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Func: "StructScan", Resource: Rows, Measured: true, Note: "no consumer: reads to the end on success, leaves the rows open on any error"},
	{Func: "MapScan", Resource: Rows, Measured: true},
	{Func: "SliceScan", Resource: Rows, Measured: true},
	{Func: "LoadFile", Resource: Conn, Handle: 1, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "LoadFileContext", Resource: Conn, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
}

// sqlxPool is what works on a pool or a conn.
var sqlxPool = []Row{
	{Recv: "*DB", Func: "Beginx", Kind: Acquire, Resource: Tx, Type: sqlxTx, Holds: Slot, Freed: ended, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "BeginTxx", Kind: Acquire, Resource: Tx, Type: sqlxTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "MustBegin", Kind: Acquire, Resource: Tx, Type: sqlxTx, Holds: Slot, Freed: ended, Blocks: true, Measured: true,
		Note: "panics on error; MustExec after it panics and leaks the tx"},
	{Recv: "*DB", Func: "MustBeginTx", Kind: Acquire, Resource: Tx, Type: sqlxTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "Connx", Kind: Acquire, Resource: Conn, Type: sqlxConn, Holds: Slot, Freed: closed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "Queryx", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "QueryxContext", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: Slot, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "QueryRowx", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: Slot, Freed: sqlxRowFreed, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "QueryRowxContext", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: Slot, Freed: sqlxRowFreed, CtxFrees: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "NamedQuery", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "NamedQueryContext", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: Slot, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "NamedExec", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "NamedExecContext", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "Get", Resource: Line, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "GetContext", Resource: Line, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "Select", Resource: Rows, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "SelectContext", Resource: Rows, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "MustExec", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "MustExecContext", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*DB", Func: "Preparex", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "PreparexContext", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "PrepareNamed", Kind: Acquire, Resource: Stmt, Type: sqlxNamedStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "PrepareNamedContext", Kind: Acquire, Resource: Stmt, Type: sqlxNamedStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*DB", Func: "Unsafe", Resource: Pool, Alias: true, Measured: true},

	{Recv: "*Conn", Func: "BeginTxx", Kind: Acquire, Resource: Tx, Type: sqlxTx, Holds: Parent, Freed: ended, CtxFrees: true, NothingOnErr: true, Measured: true},
	{Recv: "*Conn", Func: "QueryxContext", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true, Measured: true},
	{Recv: "*Conn", Func: "QueryRowxContext", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: Parent, Freed: sqlxRowFreed, CtxFrees: true, Measured: true},
	{Recv: "*Conn", Func: "GetContext", Resource: Line, Holds: Parent, Measured: true},
	{Recv: "*Conn", Func: "SelectContext", Resource: Rows, Holds: Parent, Measured: true},
	{Recv: "*Conn", Func: "PreparexContext", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Freed: closed, NothingOnErr: true, Measured: true},
}

var sqlxTxs = []Row{
	{Recv: "*Tx", Func: "Queryx", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: Parent, Freed: sqlRowsFreed, NothingOnErr: true, Measured: true},
	{Recv: "*Tx", Func: "QueryxContext", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true, Measured: true},
	{Recv: "*Tx", Func: "QueryRowx", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: Parent, Freed: sqlxRowFreed, Measured: true},
	{Recv: "*Tx", Func: "QueryRowxContext", Kind: Acquire, Resource: Line, Type: sqlxRow, Holds: Parent, Freed: sqlxRowFreed, CtxFrees: true, Measured: true},
	{Recv: "*Tx", Func: "NamedQuery", Kind: Acquire, Resource: Rows, Type: sqlxRows, Holds: Parent, Freed: sqlRowsFreed, NothingOnErr: true, Measured: true},
	{Recv: "*Tx", Func: "NamedExec", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "NamedExecContext", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "Get", Resource: Line, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "GetContext", Resource: Line, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "Select", Resource: Rows, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "SelectContext", Resource: Rows, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "MustExec", Resource: Conn, Holds: Parent, Measured: true, Note: "panics on error"},
	{Recv: "*Tx", Func: "MustExecContext", Resource: Conn, Holds: Parent, Measured: true},
	{Recv: "*Tx", Func: "Preparex", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Freed: closed, NothingOnErr: true, Measured: true},
	{Recv: "*Tx", Func: "PreparexContext", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Freed: closed, NothingOnErr: true, Measured: true},
	{Recv: "*Tx", Func: "PrepareNamed", Kind: Acquire, Resource: Stmt, Type: sqlxNamedStmt, Freed: closed, NothingOnErr: true, Measured: true},
	{Recv: "*Tx", Func: "PrepareNamedContext", Kind: Acquire, Resource: Stmt, Type: sqlxNamedStmt, Freed: closed, NothingOnErr: true, Measured: true},
	{Recv: "*Tx", Func: "Stmtx", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Freed: closed, Measured: true},
	{Recv: "*Tx", Func: "StmtxContext", Kind: Acquire, Resource: Stmt, Type: sqlxStmt, Freed: closed, Measured: true},
	{Recv: "*Tx", Func: "NamedStmt", Kind: Acquire, Resource: Stmt, Type: sqlxNamedStmt, Freed: closed, Measured: true},
	{Recv: "*Tx", Func: "NamedStmtContext", Kind: Acquire, Resource: Stmt, Type: sqlxNamedStmt, Freed: closed, Measured: true},
	{Recv: "*Tx", Func: "Unsafe", Resource: Tx, Alias: true, Measured: true},
}
