package catalog

const (
	entPath     = "entgo.io/ent/dialect/sql"
	entDriver   = "*entgo.io/ent/dialect/sql.Driver"
	entRows     = "*entgo.io/ent/dialect/sql.Rows"
	entScanner  = "entgo.io/ent/dialect/sql.ColumnScanner"
	dialectPath = "entgo.io/ent/dialect"
	dialectTx   = "entgo.io/ent/dialect.Tx"
)

// ent is the driver below the generated clients. Its Query fills in the rows that it is given a pointer to.
var ent = Library{Path: entPath, Doc: "https://pkg.go.dev/entgo.io/ent/dialect/sql", Family: databaseSQL.Path, Embeds: map[string]string{"*Rows": entScanner}, Rows: []Row{
	{Func: "Open", Kind: Construct, Resource: Pool, Type: entDriver, Driver: 1, DSN: 2, Freed: closed, NothingOnErr: true},
	{Func: "OpenDB", Resource: Pool, Handle: 2, Alias: true, Measured: true, Note: "wraps"},
	{Func: "NewDriver", Resource: Pool, Handle: 2, Alias: true, Note: "wraps"},
	{Recv: "*Driver", Func: "Close", Kind: Release, Resource: Pool, Measured: true},
	{Recv: "Driver", Func: "DB", Resource: Pool, Alias: true},
	{Recv: "*Driver", Func: "Tx", Kind: Acquire, Resource: Tx, Type: dialectTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Driver", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: dialectTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true},

	{Recv: "Conn", Func: "Query", Kind: Acquire, Resource: Rows, Type: entRows, Result: -1, OutArg: 4, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "with WithVar the connection is free only when the rows are closed, not when they are read to the end or the context ends"},
	{Recv: "Conn", Func: "Exec", Resource: Conn, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "ExecQuerier", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "ExecQuerier", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},

	{Recv: "ColumnScanner", Func: "Close", Kind: Release, Resource: Rows, Holds: SlotIfPool},
	{Recv: "ColumnScanner", Func: "Next", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextFalse},
	{Recv: "ColumnScanner", Func: "Err", Kind: Release, Resource: Rows, Freed: errError},
	{Recv: "ColumnScanner", Func: "NextResultSet", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextResultSetFalse},
	{Recv: "ColumnScanner", Func: "Scan", Resource: Rows},

	{Func: "ScanSlice", Resource: Rows, Measured: true, Note: "reads to the end; never closes"},
	{Func: "ScanOne", Resource: Rows, Note: "never closes"},
	{Func: "ScanInt", Resource: Rows, Note: "never closes"},
	{Func: "ScanInt64", Resource: Rows, Note: "never closes"},
	{Func: "ScanBool", Resource: Rows, Note: "never closes"},
	{Func: "ScanString", Resource: Rows, Note: "never closes"},
	{Func: "ScanValue", Resource: Rows, Note: "never closes"},
	{Func: "WithVar", Resource: "ctx", Measured: true, Note: "makes Query take a connection of its own that only closing the rows releases"},
	{Func: "WithIntVar", Resource: "ctx", Note: "as WithVar"},
}}

// entDialect is the interfaces of ent's drivers, by which generated clients and their users know them.
var entDialect = Library{Path: dialectPath, Doc: "https://pkg.go.dev/entgo.io/ent/dialect", Family: databaseSQL.Path, Embeds: map[string]string{"*DebugTx": dialectTx}, Rows: []Row{
	{Recv: "Driver", Func: "Tx", Kind: Acquire, Resource: Tx, Type: dialectTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "Driver", Func: "Close", Kind: Release, Resource: Pool},
	{Recv: "ExecQuerier", Func: "Query", Kind: Acquire, Resource: Rows, Type: entRows, Result: -1, OutArg: 4, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "ExecQuerier", Func: "Exec", Resource: Conn, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Func: "NopTx", Resource: Pool, Handle: 1, Alias: true, Note: "a Tx whose Commit and Rollback do nothing"},

	{Func: "Debug", Resource: Pool, Handle: 1, Alias: true},
	{Func: "DebugWithContext", Resource: Pool, Handle: 1, Alias: true},
	{Recv: "*DebugDriver", Func: "Tx", Kind: Acquire, Resource: Tx, Type: dialectTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DebugDriver", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: dialectTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DebugDriver", Func: "Query", Kind: Acquire, Resource: Rows, Type: entRows, Result: -1, OutArg: 4, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DebugDriver", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*DebugDriver", Func: "Exec", Resource: Conn, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*DebugDriver", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*DebugTx", Func: "Commit", Kind: Release, Resource: Tx, Holds: Slot},
	{Recv: "*DebugTx", Func: "Rollback", Kind: Release, Resource: Tx, Holds: Slot},
	{Recv: "*DebugTx", Func: "Query", Kind: Acquire, Resource: Rows, Type: entRows, Result: -1, OutArg: 4, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true},
	{Recv: "*DebugTx", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true},
	{Recv: "*DebugTx", Func: "Exec", Resource: Conn, Holds: Parent},
	{Recv: "*DebugTx", Func: "ExecContext", Resource: Conn, Holds: Parent},
}}
