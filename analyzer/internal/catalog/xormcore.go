package catalog

import "slices"

const (
	xormCorePath = "xorm.io/xorm/core"
	xormCoreDB   = "*xorm.io/xorm/core.DB"
	xormCoreTx   = "*xorm.io/xorm/core.Tx"
	xormCoreRows = "*xorm.io/xorm/core.Rows"
	xormCoreRow  = "*xorm.io/xorm/core.Row"
	xormCoreStmt = "*xorm.io/xorm/core.Stmt"
)

// xormRowFreed is what scans a row of xorm: every outcome closes it.
var xormRowFreed = []Event{{Method: "Scan"}, {Method: "ScanStructByName"}, {Method: "ScanStructByIndex"}, {Method: "ScanSlice"}, {Method: "ScanMap"}, {Method: "ToMapString"}}

// xormCore is the layer of xorm over database/sql: what Engine.DB and Session.Tx return.
var xormCore = Library{
	Path:   xormCorePath,
	Doc:    "https://pkg.go.dev/xorm.io/xorm/core",
	Family: xorm.Path,
	Rows:   slices.Concat(xormCoreFuncs, xormCorePool, xormCoreTxs, xormCoreStmts, xormCoreResults),
	Embeds: map[string]string{
		"*DB":   sqlDB,
		"*Tx":   sqlTx,
		"*Stmt": sqlStmt,
		"*Rows": sqlRows,
	},
}

var xormCoreFuncs = []Row{
	{Func: "Open", Kind: Construct, Resource: Pool, Type: xormCoreDB, Driver: 1, DSN: 2, Freed: closed, NothingOnErr: true, Note: "opens nothing"},
	{Func: "FromDB", Resource: Pool, Handle: 1, Alias: true, Note: "wraps"},
	{Func: "NewRow", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Parent, Freed: xormRowFreed, Handle: 1, FreesReceiver: true},
	{Func: "ErrorRow", Note: "holds nothing"},
}

var xormCorePool = []Row{
	{Recv: "*DB", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Slot, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "Query", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "QueryMapContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Slot, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "QueryMap", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "QueryStructContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Slot, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "QueryStruct", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Slot, Freed: xormRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "*DB", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Slot, Freed: xormRowFreed, Blocks: true},
	{Recv: "*DB", Func: "QueryRowMapContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Slot, Freed: xormRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "*DB", Func: "QueryRowMap", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Slot, Freed: xormRowFreed, Blocks: true},
	{Recv: "*DB", Func: "QueryRowStructContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Slot, Freed: xormRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "*DB", Func: "QueryRowStruct", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Slot, Freed: xormRowFreed, Blocks: true},
	{Recv: "*DB", Func: "ExecMapContext", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*DB", Func: "ExecMap", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*DB", Func: "ExecStructContext", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*DB", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*DB", Func: "ExecStruct", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*DB", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: xormCoreStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: xormCoreStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: xormCoreTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DB", Func: "Begin", Kind: Acquire, Resource: Tx, Type: xormCoreTx, Holds: Slot, Freed: ended, Blocks: true, NothingOnErr: true},
}

var xormCoreTxs = []Row{
	{Recv: "*Tx", Func: "Commit", Kind: Release, Resource: Tx, Holds: SlotIfPool},
	{Recv: "*Tx", Func: "Rollback", Kind: Release, Resource: Tx, Holds: SlotIfPool},
	{Recv: "*Tx", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: xormCoreStmt, Freed: closed, NothingOnErr: true},
	{Recv: "*Tx", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: xormCoreStmt, Freed: closed, NothingOnErr: true},
	{Recv: "*Tx", Func: "StmtContext", Kind: Acquire, Resource: Stmt, Type: xormCoreStmt, Freed: closed},
	{Recv: "*Tx", Func: "Stmt", Kind: Acquire, Resource: Stmt, Type: xormCoreStmt, Freed: closed},
	{Recv: "*Tx", Func: "ExecMapContext", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "ExecMap", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "ExecStructContext", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "ExecContext", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "ExecStruct", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true},
	{Recv: "*Tx", Func: "Query", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Parent, Freed: sqlRowsFreed, NothingOnErr: true},
	{Recv: "*Tx", Func: "QueryMapContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true},
	{Recv: "*Tx", Func: "QueryMap", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Parent, Freed: sqlRowsFreed, NothingOnErr: true},
	{Recv: "*Tx", Func: "QueryStructContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true},
	{Recv: "*Tx", Func: "QueryStruct", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: Parent, Freed: sqlRowsFreed, NothingOnErr: true},
	{Recv: "*Tx", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Parent, Freed: xormRowFreed, CtxFrees: true},
	{Recv: "*Tx", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Parent, Freed: xormRowFreed},
	{Recv: "*Tx", Func: "QueryRowMapContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Parent, Freed: xormRowFreed, CtxFrees: true},
	{Recv: "*Tx", Func: "QueryRowMap", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Parent, Freed: xormRowFreed},
	{Recv: "*Tx", Func: "QueryRowStructContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Parent, Freed: xormRowFreed, CtxFrees: true},
	{Recv: "*Tx", Func: "QueryRowStruct", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: Parent, Freed: xormRowFreed},
}

var xormCoreStmts = []Row{
	{Recv: "*Stmt", Func: "ExecMapContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*Stmt", Func: "ExecMap", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*Stmt", Func: "ExecStructContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*Stmt", Func: "ExecStruct", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*Stmt", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*Stmt", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*Stmt", Func: "Query", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "*Stmt", Func: "QueryMapContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*Stmt", Func: "QueryMap", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "*Stmt", Func: "QueryStructContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*Stmt", Func: "QueryStruct", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "*Stmt", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: SlotIfPool, Freed: xormRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "*Stmt", Func: "QueryRow", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: SlotIfPool, Freed: xormRowFreed, Blocks: true},
	{Recv: "*Stmt", Func: "QueryRowMapContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: SlotIfPool, Freed: xormRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "*Stmt", Func: "QueryRowMap", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: SlotIfPool, Freed: xormRowFreed, Blocks: true},
	{Recv: "*Stmt", Func: "QueryRowStructContext", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: SlotIfPool, Freed: xormRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "*Stmt", Func: "QueryRowStruct", Kind: Acquire, Resource: Line, Type: xormCoreRow, Holds: SlotIfPool, Freed: xormRowFreed, Blocks: true},
}

var xormCoreResults = []Row{
	{Recv: "Queryer", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: xormCoreRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "Executer", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},

	{Recv: "*Rows", Func: "ToMapString", Resource: Rows, Note: "reads to the end; never closes"},
	{Recv: "*Rows", Func: "ScanStructByIndex", Resource: Rows, Note: "one row"},
	{Recv: "*Rows", Func: "ScanStructByName", Resource: Rows, Note: "one row"},
	{Recv: "*Rows", Func: "ScanSlice", Resource: Rows, Note: "one row"},
	{Recv: "*Rows", Func: "ScanMap", Resource: Rows, Note: "one row"},

	{Recv: "*Row", Func: "Columns", Resource: Line},
	{Recv: "*Row", Func: "Scan", Kind: Release, Resource: Line, Holds: SlotIfPool},
	{Recv: "*Row", Func: "ScanStructByName", Kind: Release, Resource: Line, Holds: SlotIfPool},
	{Recv: "*Row", Func: "ScanStructByIndex", Kind: Release, Resource: Line, Holds: SlotIfPool},
	{Recv: "*Row", Func: "ScanSlice", Kind: Release, Resource: Line, Holds: SlotIfPool},
	{Recv: "*Row", Func: "ScanMap", Kind: Release, Resource: Line, Holds: SlotIfPool},
	{Recv: "*Row", Func: "ToMapString", Kind: Release, Resource: Line, Holds: SlotIfPool},
}
