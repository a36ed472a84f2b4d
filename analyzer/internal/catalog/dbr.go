package catalog

import "slices"

const (
	dbrPath     = "github.com/gocraft/dbr/v2"
	dbrConn     = "*" + dbrPath + ".Connection"
	dbrTx       = "*" + dbrPath + ".Tx"
	dbrIterator = dbrPath + ".Iterator"
)

// dbr builds queries and runs them on a session, which is a pool with a log, or on a transaction. Its types embed those of
// database/sql, whose methods keep their rows there.
var dbr = Library{
	Path:   dbrPath,
	Doc:    "https://pkg.go.dev/github.com/gocraft/dbr/v2",
	Family: databaseSQL.Path,
	NoCtx:  true,
	Rows:   slices.Concat(dbrRows, dbrStatements, dbrBuilders),
	Embeds: map[string]string{"*Connection": sqlDB, "*Tx": sqlTx},
}

var dbrRows = []Row{
	{Func: "Open", Kind: Construct, Resource: Pool, Type: dbrConn, Driver: 1, DSN: 2, Freed: closed, NothingOnErr: true,
		Note: "knows no driver but mysql, postgres, pgx, sqlite3, sqlite and mssql; the DB of another is lost with the error"},
	{Recv: "*Connection", Func: "NewSession", Resource: Pool, Alias: true, Note: "no conn"},

	{Recv: "*Session", Func: "Begin", Kind: Acquire, Resource: Tx, Type: dbrTx, Holds: Slot, Freed: dbrTxFreed, Blocks: true, NothingOnErr: true, Note: "Background"},
	{Recv: "*Session", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: dbrTx, Holds: Slot, Freed: dbrTxFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*Tx", Func: "Commit", Kind: Release, Resource: Tx, Holds: SlotIfPool},
	{Recv: "*Tx", Func: "Rollback", Kind: Release, Resource: Tx, Holds: SlotIfPool},
	{Recv: "*Tx", Func: "RollbackUnlessCommitted", Kind: Release, Resource: Tx, Holds: SlotIfPool},

	{Func: "Load", Kind: Consume, Resource: Rows},
	{Recv: "Iterator", Func: "Close", Kind: Release, Resource: Rows, Holds: SlotIfPool},
	{Recv: "Iterator", Func: "Next", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextFalse},
	{Recv: "Iterator", Func: "Err", Kind: Release, Resource: Rows, Freed: errError},
	{Recv: "Iterator", Func: "Scan", Resource: Rows, Note: "an error does not release"},

	{Recv: "Runner", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "Runner", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
}

// dbrStatements run on the session or transaction that began them.
var dbrStatements = slices.Concat([]Row{
	{Recv: "*SelectStmt", Func: "Rows", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true,
		Note: "Background, the Timeout of the session does not count"},
	{Recv: "*SelectStmt", Func: "RowsContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true,
		Note: "the Timeout of the session does not count"},
	{Recv: "*SelectStmt", Func: "Iterate", Kind: Acquire, Resource: Rows, Type: dbrIterator, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true,
		Note: "Background, the Timeout of the session does not count"},
	{Recv: "*SelectStmt", Func: "IterateContext", Kind: Acquire, Resource: Rows, Type: dbrIterator, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true,
		Note: "the Timeout of the session does not count"},
},
	briefly("*SelectStmt", Rows, `Load LoadContext LoadOne LoadOneContext ReturnInt64 ReturnInt64Context ReturnInt64s ReturnInt64sContext
		ReturnUint64 ReturnUint64Context ReturnUint64s ReturnUint64sContext ReturnString ReturnStringContext ReturnStrings
		ReturnStringsContext`),
	briefly("*InsertStmt", Rows, "Load LoadContext"),
	briefly("*InsertStmt", Conn, "Exec ExecContext"),
	briefly("*UpdateStmt", Rows, "Load LoadContext"),
	briefly("*UpdateStmt", Conn, "Exec ExecContext"),
	briefly("*DeleteStmt", Conn, "Exec ExecContext"),
)

// dbrBuilders return their receiver, or a statement that runs on it.
var dbrBuilders = slices.Concat(
	chain("*Session", "Select SelectBySql InsertInto InsertBySql Update UpdateBySql DeleteFrom DeleteBySql"),
	chain("*Tx", "Select SelectBySql InsertInto InsertBySql Update UpdateBySql DeleteFrom DeleteBySql"),
	chain("SessionRunner", "Select SelectBySql InsertInto InsertBySql Update UpdateBySql DeleteFrom DeleteBySql"),
	chain("*SelectStmt", `From Distinct Where Having GroupBy OrderAsc OrderDesc OrderBy Limit Offset Suffix Paginate OrderDir Comment
		Join LeftJoin RightJoin FullJoin IndexHint`),
	chain("*InsertStmt", "Columns Comment Ignore Values Record Returning Pair"),
	chain("*UpdateStmt", "Where Returning Set SetMap IncrBy DecrBy Limit Comment IndexHint"),
	chain("*DeleteStmt", "Where Limit Comment"),
)
