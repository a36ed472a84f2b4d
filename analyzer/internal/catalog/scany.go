package catalog

// pgxscan scans the rows of pgx v5 into structs. What scans one row leaves the rows open; what scans all of them closes them.
var pgxscan = Library{Path: "github.com/georgysavva/scany/v2/pgxscan", Doc: "https://pkg.go.dev/github.com/georgysavva/scany/v2/pgxscan", Family: pgxpool5.Path, Embeds: map[string]string{"RowsAdapter": pgxRows}, Rows: []Row{
	{Func: "Select", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "Get", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "ScanAll", Kind: Consume, Resource: Rows, Arg: 1, Measured: true, Note: "closes on every path"},
	{Func: "ScanOne", Kind: Consume, Resource: Rows, Arg: 1, Measured: true},
	{Func: "ScanRow", Resource: Rows, Measured: true, Note: "one row"},
	{Func: "NewRowScanner", Resource: Rows, Measured: true, Note: "never closes"},
	{Func: "NewRowsAdapter", Resource: Rows, Handle: 1, Alias: true, Measured: true, Note: "its Close closes the rows"},

	{Recv: "*API", Func: "Select", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*API", Func: "Get", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*API", Func: "ScanAll", Kind: Consume, Resource: Rows, Arg: 1},
	{Recv: "*API", Func: "ScanOne", Kind: Consume, Resource: Rows, Arg: 1},
	{Recv: "*API", Func: "ScanRow", Resource: Rows},
	{Recv: "*API", Func: "NewRowScanner", Resource: Rows},

	{Recv: "Querier", Func: "Query", Kind: Acquire, Resource: Rows, Type: pgxRows, Holds: SlotIfPool, Freed: pgxRowsFreed, Blocks: true, NothingOnErr: true},

	{Recv: "RowsAdapter", Func: "Close", Kind: Release, Resource: Rows, Holds: SlotIfPool},
}}

// sqlscan is pgxscan for database/sql.
var sqlscan = Library{Path: "github.com/georgysavva/scany/v2/sqlscan", Doc: "https://pkg.go.dev/github.com/georgysavva/scany/v2/sqlscan", Family: databaseSQL.Path, Rows: []Row{
	{Func: "Select", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "Get", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Func: "ScanAll", Kind: Consume, Resource: Rows, Arg: 1, Measured: true},
	{Func: "ScanOne", Kind: Consume, Resource: Rows, Arg: 1, Measured: true},
	{Func: "ScanAllSets", Kind: Consume, Resource: Rows, Arg: 1, Measured: true},
	{Func: "ScanRow", Resource: Rows, Measured: true, Note: "one row"},
	{Func: "NewRowScanner", Resource: Rows, Measured: true},

	{Recv: "*API", Func: "ScanAll", Kind: Consume, Resource: Rows, Arg: 1},
	{Recv: "*API", Func: "ScanOne", Kind: Consume, Resource: Rows, Arg: 1},
	{Recv: "*API", Func: "ScanAllSets", Kind: Consume, Resource: Rows, Arg: 1},
	{Recv: "*API", Func: "Select", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*API", Func: "Get", Resource: Rows, Handle: 2, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*API", Func: "ScanRow", Resource: Rows},
	{Recv: "*API", Func: "NewRowScanner", Resource: Rows},

	{Recv: "Querier", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
}}

// dbscan is what pgxscan and sqlscan share, for any rows.
var dbscan = Library{Path: "github.com/georgysavva/scany/v2/dbscan", Doc: "https://pkg.go.dev/github.com/georgysavva/scany/v2/dbscan", Rows: []Row{
	{Func: "ScanAll", Kind: Consume, Resource: Rows, Arg: 1},
	{Func: "ScanOne", Kind: Consume, Resource: Rows, Arg: 1},
	{Func: "ScanAllSets", Kind: Consume, Resource: Rows, Arg: 1},
	{Func: "ScanRow", Resource: Rows},
	{Func: "NewRowScanner", Resource: Rows},

	{Recv: "*RowScanner", Func: "Scan", Resource: Rows, Measured: true},

	{Recv: "*API", Func: "ScanAll", Kind: Consume, Resource: Rows, Arg: 1},
	{Recv: "*API", Func: "ScanOne", Kind: Consume, Resource: Rows, Arg: 1},
	{Recv: "*API", Func: "ScanAllSets", Kind: Consume, Resource: Rows, Arg: 1},
	{Recv: "*API", Func: "ScanRow", Resource: Rows},
	{Recv: "*API", Func: "NewRowScanner", Resource: Rows},

	{Recv: "Rows", Func: "Close", Kind: Release, Resource: Rows, Holds: SlotIfPool},
	{Recv: "Rows", Func: "Next", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextFalse},
}}
