package catalog

import "slices"

const (
	gormPath = "gorm.io/gorm"
	gormDB   = "*gorm.io/gorm.DB"
)

// gorm uses one type for the pool, the transaction and the query under construction. The class of *gorm.DB is that of the
// transaction: it is the only one of the three that owes anything to a method of *gorm.DB. Whatever is derived from a
// transaction is the transaction by another name.
var gorm = Library{
	Path: gormPath,
	Doc:  "https://pkg.go.dev/gorm.io/gorm",
	Rows: slices.Concat(gormTxs, gormFuncs, gormBuilders, gormFinishers, gormAssociations, gormGenerics, gormConnPools),
}

// gormTxs comes before the constructor: the first row that frees a type decides on its class.
var gormTxs = []Row{
	{Recv: "*DB", Func: "Begin", Kind: Acquire, Resource: Tx, Type: gormDB, ErrField: "Error", Holds: Slot, Freed: ended, Blocks: true, Measured: true,
		Note: "the error is in the field Error; every *DB derived from the result is the same transaction; ending the context of WithContext frees it too; Begin on a transaction is an error"},
	{Recv: "*DB", Func: "Commit", Kind: Release, Resource: Tx, Holds: Slot, Measured: true, Note: "of any *DB derived from the transaction"},
	{Recv: "*DB", Func: "Rollback", Kind: Release, Resource: Tx, Holds: Slot, Measured: true},
	{Recv: "*DB", Func: "SavePoint", Resource: Tx, Holds: Parent, Alias: true, ErrField: "Error", Measured: true},
	{Recv: "*DB", Func: "RollbackTo", Resource: Tx, Holds: Parent, Alias: true, ErrField: "Error", Measured: true},
	{Recv: "*DB", Func: "Transaction", Resource: Tx, Type: "func(*gorm.io/gorm.DB) error", Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Measured: true,
		Note: "releases on error and panic; a savepoint on a transaction, a second connection on the root DB inside another one"},
	{Recv: "*DB", Func: "Connection", Resource: Conn, Type: "func(*gorm.io/gorm.DB) error", Holds: Slot, Transient: true, Blocks: true, Callback: true, Measured: true,
		Note: "blocks for ever in its deferred Close when the callback leaves rows open"},
}

var gormFuncs = []Row{
	{Func: "Open", Kind: Construct, Resource: Pool, Type: gormDB, Freed: handedOut, NothingOnErr: true, Measured: true,
		Note: "pings: opens one connection; closes the pool itself when that fails. *gorm.DB has no Close: the *sql.DB that DB returns has it"},
	{Recv: "*DB", Func: "DB", Resource: Pool, Alias: true, Measured: true, Note: "the *sql.DB of the pool: its Close closes the pool"},
	{Func: "G", Handle: 1, Alias: true},
	{Func: "Scan", Resource: Rows, Note: "reads the rows, never closes them"},
	{Func: "NewPreparedStmtDB", Handle: 1, Alias: true},
}

// gormBuilders take no connection.
var gormBuilders = slices.Concat(
	[]Row{
		{Recv: "*DB", Func: "Raw", Alias: true, Measured: true, Note: "builds only"},
		{Recv: "*DB", Func: "Session", Alias: true, Measured: true},
		{Recv: "*DB", Func: "WithContext", Alias: true, Measured: true},
	},
	chain("*DB", `Model Clauses Table Distinct Select Omit MapColumns Where Not Or Joins InnerJoins Group Having Order
		Limit Offset Scopes Preload Attrs Assign Unscoped Debug Set InstanceSet`),
	chain("*DB", "Association Migrator"),
)

// gormFinishers run a statement. What writes does so in a transaction of its own, in which the hooks of the model run.
var gormFinishers = []Row{
	{Recv: "*DB", Func: "Rows", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "nil on error; ending the context of WithContext frees it too"},
	{Recv: "*DB", Func: "Row", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: sqlRowFreed, Blocks: true, Measured: true,
		Note: "nil in DryRun and after an earlier error on the *DB; ending the context of WithContext frees it too"},
	{Recv: "*DB", Func: "ScanRows", Resource: Rows, Measured: true, Note: "one row; never closes"},

	{Recv: "*DB", Func: "Exec", Resource: Conn, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error", Measured: true},
	{Recv: "*DB", Func: "Scan", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error", Measured: true},
	{Recv: "*DB", Func: "Find", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error", Measured: true},
	{Recv: "*DB", Func: "First", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error", Measured: true},
	{Recv: "*DB", Func: "Take", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error", Measured: true},
	{Recv: "*DB", Func: "Last", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error"},
	{Recv: "*DB", Func: "FindInBatches", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error", Measured: true,
		Note: "no connection is held in the callback"},
	{Recv: "*DB", Func: "FirstOrInit", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error"},
	{Recv: "*DB", Func: "FirstOrCreate", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error"},
	{Recv: "*DB", Func: "Count", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error", Measured: true},
	{Recv: "*DB", Func: "Pluck", Resource: Rows, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Alias: true, ErrField: "Error", Measured: true},

	{Recv: "*DB", Func: "Create", Resource: Tx, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Alias: true, ErrField: "Error", Measured: true,
		Note: "a hook that uses the root DB needs a second connection"},
	{Recv: "*DB", Func: "CreateInBatches", Resource: Tx, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Alias: true, ErrField: "Error"},
	{Recv: "*DB", Func: "Save", Resource: Tx, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Alias: true, ErrField: "Error"},
	{Recv: "*DB", Func: "Update", Resource: Tx, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Alias: true, ErrField: "Error"},
	{Recv: "*DB", Func: "Updates", Resource: Tx, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Alias: true, ErrField: "Error"},
	{Recv: "*DB", Func: "UpdateColumn", Resource: Tx, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Alias: true, ErrField: "Error", Note: "runs no hook of the model"},
	{Recv: "*DB", Func: "UpdateColumns", Resource: Tx, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Alias: true, ErrField: "Error", Note: "runs no hook of the model"},
	{Recv: "*DB", Func: "Delete", Resource: Tx, Type: gormDB, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Alias: true, ErrField: "Error"},
	{Recv: "*DB", Func: "AutoMigrate", Resource: Conn, Holds: SlotIfPool, Transient: true, Blocks: true},
}

var gormAssociations = slices.Concat(
	chain("*Association", "Unscoped"),
	briefly("*Association", Rows, "Find Count"),
	briefly("*Association", Tx, "Append Replace Delete Clear"),
	briefly("Migrator", Conn, `AutoMigrate CurrentDatabase CreateTable DropTable HasTable RenameTable GetTables TableType AddColumn
		DropColumn AlterColumn MigrateColumn MigrateColumnUnique HasColumn RenameColumn ColumnTypes CreateView DropView
		CreateConstraint DropConstraint HasConstraint CreateIndex DropIndex HasIndex RenameIndex GetIndexes`),
)

// gormGenerics is what gorm.G returns.
var gormGenerics = slices.Concat([]Row{
	{Recv: "ExecInterface", Func: "Rows", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "ExecInterface", Func: "Row", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: sqlRowFreed, CtxFrees: true, Blocks: true},
},
	briefly("ExecInterface", Rows, "Scan First Last Take Find FindInBatches"),
	briefly("Interface", Conn, "Exec"),
	briefly("CreateInterface", Tx, "Create CreateInBatches Delete Update Updates"),
	briefly("CreateInterface", Rows, "Count"),
	briefly("ChainInterface", Tx, "Delete Update Updates"),
	briefly("ChainInterface", Rows, "Count"),
	briefly("SetUpdateOnlyInterface", Tx, "Update"),
	briefly("SetCreateOrUpdateInterface", Tx, "Create Update"),
	chain("Interface", "Raw"),
	chain("CreateInterface", `Table Set Where Not Or Limit Offset Joins Preload Select Omit MapColumns Distinct Group Having
		Order Scopes`),
	chain("ChainInterface", `Table Set Where Not Or Limit Offset Joins Preload Select Omit MapColumns Distinct Group Having
		Order Scopes`),
)

// gormConnPools is what drivers and plugins work on; a *sql.DB, *sql.Conn or *sql.Tx is behind it.
var gormConnPools = []Row{
	{Recv: "ConnPool", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "ConnPool", Func: "PrepareContext", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed, Transient: true, Blocks: true, NothingOnErr: true},
	{Recv: "ConnPool", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "ConnPool", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: sqlRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "TxBeginner", Func: "BeginTx", Kind: Acquire, Resource: Tx, Type: sqlTx, Holds: Slot, Freed: ended, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "Tx", Func: "StmtContext", Kind: Acquire, Resource: Stmt, Type: sqlStmt, Freed: closed},
	{Recv: "GetDBConnector", Func: "GetDBConn", Resource: Pool},

	{Recv: "*PreparedStmtDB", Func: "GetDBConn", Resource: Pool},
	{Recv: "*PreparedStmtDB", Func: "ExecContext", Resource: Conn, Type: sqlResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*PreparedStmtDB", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, CtxFrees: true, Blocks: true, NothingOnErr: true},
	{Recv: "*PreparedStmtDB", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: SlotIfPool, Freed: sqlRowFreed, CtxFrees: true, Blocks: true},
	{Recv: "*PreparedStmtTX", Func: "GetDBConn", Resource: Pool},
	{Recv: "*PreparedStmtTX", Func: "ExecContext", Resource: Conn, Holds: Parent},
	{Recv: "*PreparedStmtTX", Func: "QueryContext", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: Parent, Freed: sqlRowsFreed, CtxFrees: true, NothingOnErr: true},
	{Recv: "*PreparedStmtTX", Func: "QueryRowContext", Kind: Acquire, Resource: Line, Type: sqlRow, Holds: Parent, Freed: sqlRowFreed, CtxFrees: true},
}

// gormPostgres makes dialectors: gorm.Open builds the pool.
var gormPostgres = Library{Path: "gorm.io/driver/postgres", Doc: "https://pkg.go.dev/gorm.io/driver/postgres", Family: gorm.Path, Rows: []Row{
	{Func: "Open", Resource: "dialector", DSN: 1, Measured: true, Note: "opens nothing"},
	{Func: "New", Resource: Pool, Handle: 1, Alias: true, Note: "opens nothing; with Conn in its configuration gorm.Open wraps that pool"},
	{Recv: "Migrator", Func: "GetRows", Kind: Acquire, Resource: Rows, Type: sqlRows, Holds: SlotIfPool, Freed: sqlRowsFreed, Blocks: true, NothingOnErr: true},
}}
