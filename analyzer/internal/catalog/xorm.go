package catalog

import "slices"

const (
	xormPath    = "xorm.io/xorm"
	xormEngine  = "*xorm.io/xorm.Engine"
	xormGroup   = "*xorm.io/xorm.EngineGroup"
	xormSession = "*xorm.io/xorm.Session"
	xormRows    = "*xorm.io/xorm.Rows"
)

// xorm keeps a transaction in the session that began it: Begin has no result, the session is the holder. A session that a
// method of the engine returns for one query closes itself.
var xorm = Library{
	Path:   xormPath,
	Doc:    "https://pkg.go.dev/xorm.io/xorm",
	Rows:   slices.Concat(xormEngines, xormSessions, xormRowsRows, xormGroups, xormInterfaces, xormBuilders),
	Embeds: map[string]string{"*EngineGroup": xormEngine},
}

var xormEngines = slices.Concat([]Row{
	{Func: "NewEngine", Kind: Construct, Resource: Pool, Type: xormEngine, Driver: 1, DSN: 2, Freed: closed, NothingOnErr: true, Measured: true, Note: "opens nothing"},
	{Func: "NewEngineWithParams", Kind: Construct, Resource: Pool, Type: xormEngine, Driver: 1, DSN: 2, Freed: closed, NothingOnErr: true},
	{Func: "NewEngineWithDB", Resource: Pool, Handle: 3, DSN: 2, Alias: true, Note: "wraps"},
	{Func: "NewEngineWithDialectAndDB", Resource: Pool, Handle: 4, DSN: 2, Alias: true, Note: "wraps"},
	{Recv: "*Engine", Func: "Close", Kind: Release, Resource: Pool, Measured: true},
	{Recv: "*Engine", Func: "DB", Resource: Pool, Alias: true, Measured: true, Note: "its Query returns rows that hold a connection"},
	{Recv: "*Engine", Func: "NewDB", Kind: Construct, Resource: Pool, Type: xormCoreDB, Freed: closed, NothingOnErr: true, Note: "a second pool for the same database"},
	{Recv: "*Engine", Func: "SetMaxOpenConns", Resource: Pool, Note: "0 = unlimited"},
	{Recv: "*Engine", Func: "SetMaxIdleConns", Resource: Pool, Note: "default 2"},
	{Recv: "*Engine", Func: "SetConnMaxLifetime", Resource: Pool},
	{Recv: "*Engine", Func: "SetConnMaxIdleTime", Resource: Pool},

	{Recv: "*Engine", Func: "NewSession", Kind: Acquire, Resource: Session, Type: xormSession, Freed: closed, Measured: true,
		Note: "takes no connection until Begin or Rows"},
	{Recv: "*Engine", Func: "Rows", Kind: Acquire, Resource: Rows, Type: xormRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Engine", Func: "Iterate", Resource: Rows, Holds: Slot, Transient: true, Blocks: true, Callback: true, Measured: true, Note: "holds while the callback runs"},
	{Recv: "*Engine", Func: "Transaction", Resource: Tx, Holds: Slot, Transient: true, Blocks: true, Callback: true, Measured: true, Note: "releases on error and panic"},
	{Recv: "*Engine", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Engine", Func: "QueryString", Resource: Rows, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Engine", Func: "Find", Resource: Rows, Holds: Slot, Transient: true, Blocks: true, Measured: true},
	{Recv: "*Engine", Func: "Get", Resource: Rows, Holds: Slot, Transient: true, Blocks: true, Measured: true},
},
	briefly("*Engine", Rows, "Query QueryInterface FindAndCount Exist Count Sum SumInt Sums SumsInt DBVersion DBMetas IsTableEmpty IsTableExist"),
	briefly("*Engine", Conn, `Insert InsertOne Update Delete Truncate Ping PingContext CreateTables DropTables CreateIndexes
		CreateUniques DropIndexes Sync SyncWithOptions Sync2 Import ImportFile DumpAll DumpAllToFile DumpTables
		DumpTablesToFile`),
	[]Row{
		{Recv: "*Engine", Func: "ScanInterfaceMap", Resource: Rows, Note: "one row; never closes"},
		{Recv: "*Engine", Func: "ScanInterfaceMaps", Resource: Rows, Note: "reads to the end; never closes"},
		{Recv: "*Engine", Func: "ScanStringMap", Resource: Rows, Note: "one row; never closes"},
		{Recv: "*Engine", Func: "ScanStringMaps", Resource: Rows, Note: "reads to the end; never closes"},
		{Recv: "*Engine", Func: "ScanStringSlice", Resource: Rows, Note: "one row; never closes"},
		{Recv: "*Engine", Func: "ScanStringSlices", Resource: Rows, Note: "reads to the end; never closes"},
	},
)

var xormSessions = slices.Concat([]Row{
	{Recv: "*Session", Func: "Begin", Kind: Acquire, Resource: Session, Type: xormSession, Result: -1, Holds: Slot, Freed: xormTxFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Session", Func: "BeginTx", Kind: Acquire, Resource: Session, Type: xormSession, Result: -1, Holds: Slot, Freed: xormTxFreed, Blocks: true, NothingOnErr: true,
		Note: "since 1.4; the context is that of Context"},
	{Recv: "*Session", Func: "Commit", Kind: Release, Resource: Session, Holds: Slot, Measured: true},
	{Recv: "*Session", Func: "Rollback", Kind: Release, Resource: Session, Holds: Slot},
	{Recv: "*Session", Func: "Close", Kind: Release, Resource: Session, Holds: Slot, Measured: true, Note: "rolls an open transaction back; leaves its Rows open"},
	{Recv: "*Session", Func: "Engine", Resource: Pool, Note: "the engine behind it: what it runs is outside the transaction"},
	{Recv: "*Session", Func: "Tx", Resource: Session},
	{Recv: "*Session", Func: "DB", Resource: Pool, Note: "the pool behind it: what it runs is outside the transaction"},
	{Recv: "*Session", Func: "Rows", Kind: Acquire, Resource: Rows, Type: xormRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*Session", Func: "Iterate", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Note: "holds while the callback runs"},
	{Recv: "*Session", Func: "Exec", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
},
	briefly("*Session", Rows, `Query QueryString QuerySliceString QueryInterface Find FindAndCount Get GetOrError Exist Count Sum
		SumInt Sums SumsInt IsTableExist IsTableEmpty`),
	briefly("*Session", Conn, `Insert InsertMulti InsertOne Update Delete Truncate Ping PingContext CreateTable CreateIndexes
		CreateUniques DropIndexes DropTable Import ImportFile Sync Sync2 SyncWithOptions`),
)

var xormRowsRows = []Row{
	{Recv: "*Rows", Func: "Close", Kind: Release, Resource: Rows, Holds: SlotIfPool, Measured: true},
	{Recv: "*Rows", Func: "Next", Kind: Release, Resource: Rows, Holds: SlotIfPool, Freed: nextFalse},
	{Recv: "*Rows", Func: "Scan", Resource: Rows, Measured: true, Note: "an error does not release"},
	{Recv: "*Rows", Func: "Err", Kind: Release, Resource: Rows, Freed: errError},
}

// xormGroups is a master and its replicas, a pool each.
var xormGroups = []Row{
	{Func: "NewEngineGroup", Kind: Construct, Resource: Pool, Type: xormGroup, Freed: closed, NothingOnErr: true,
		Note: "a pool for each connection string; wraps when it is given engines"},
	{Recv: "*EngineGroup", Func: "Close", Kind: Release, Resource: Pool, Note: "closes all its engines"},
	{Recv: "*EngineGroup", Func: "NewSession", Kind: Acquire, Resource: Session, Type: xormSession, Freed: closed, Note: "takes no connection until Begin or Rows"},
	{Recv: "*EngineGroup", Func: "Master", Resource: Pool, Note: "one of its engines"},
	{Recv: "*EngineGroup", Func: "Slave", Resource: Pool, Note: "one of its engines"},
	{Recv: "*EngineGroup", Func: "Slaves", Resource: Pool, Note: "its engines"},
	{Recv: "*EngineGroup", Func: "SetPolicy", Resource: Pool, Alias: true},
	{Recv: "*EngineGroup", Func: "Context", Resource: Session, Note: "closes itself after one query"},
	{Recv: "*EngineGroup", Func: "SetMaxOpenConns", Resource: Pool, Note: "of each engine"},
	{Recv: "*EngineGroup", Func: "SetMaxIdleConns", Resource: Pool, Note: "of each engine"},
	{Recv: "*EngineGroup", Func: "SetConnMaxLifetime", Resource: Pool, Note: "of each engine"},
	{Recv: "*EngineGroup", Func: "Rows", Kind: Acquire, Resource: Rows, Type: xormRows, Holds: Slot, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "*EngineGroup", Func: "Ping", Resource: Conn, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*EngineGroup", Func: "Query", Resource: Rows, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*EngineGroup", Func: "QueryString", Resource: Rows, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "*EngineGroup", Func: "QueryInterface", Resource: Rows, Holds: Slot, Transient: true, Blocks: true},
	{Recv: "GroupPolicy", Func: "Slave", Resource: Pool, Note: "one of the engines"},
	{Recv: "GroupPolicyHandler", Func: "Slave", Resource: Pool, Note: "one of the engines"},
}

// xormInterfaces is what repositories take to work on an engine, a group or a session.
var xormInterfaces = slices.Concat([]Row{
	{Recv: "EngineInterface", Func: "NewSession", Kind: Acquire, Resource: Session, Type: xormSession, Freed: closed},
	{Recv: "Interface", Func: "Rows", Kind: Acquire, Resource: Rows, Type: xormRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
	{Recv: "Interface", Func: "Iterate", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true},
},
	briefly("Interface", Rows, `Query QueryString QueryInterface Find FindAndCount Get Exist Count Sum SumInt Sums SumsInt IsTableExist
		IsTableEmpty`),
	briefly("Interface", Conn, "Exec Insert InsertOne Update Delete Truncate Ping CreateIndexes CreateUniques DropIndexes"),
	briefly("EngineInterface", Conn, "CreateTables DropTables Sync Sync2 SyncWithOptions ImportFile DumpAllToFile DBVersion DBMetas"),
)

// xormOneQuery begins a query on an engine: the session is for one use and owes nothing.
const xormOneQuery = `BufferSize NoCache NoCascade SQL NoAutoTime NoAutoCondition Cascade Where ID Before After Charset StoreEngine
	Distinct Select Cols AllCols MustCols UseBool Omit Nullable In NotIn Incr Decr SetExpr Table Alias Limit Desc Asc OrderBy
	Prepare Join GroupBy Having Unscoped Context IndexHint`

var xormBuilders = slices.Concat(
	chain("*Engine", xormOneQuery),
	chain("Interface", `Alias AllCols Asc BufferSize Cols Decr Desc Distinct GroupBy ID In Incr Join Limit MustCols NoAutoCondition
		NotIn Nullable Omit OrderBy SQL Select SetExpr Table Unscoped UseBool Where`),
	chain("EngineInterface", "After Before Charset Context NoAutoTime Prepare StoreEngine"),
	chain("*Session", `ContextCache Prepare Before After Table Alias NoCascade ForUpdate NoAutoCondition Limit OrderBy Desc Asc
		StoreEngine Charset Cascade MustLogSQL NoCache Join GroupBy Having Unscoped Context NoVersionCheck Incr Decr SetExpr Select
		Cols AllCols MustCols UseBool Distinct Omit Nullable NoAutoTime SQL Where And Or ID In NotIn BufferSize IndexHint`),
)
