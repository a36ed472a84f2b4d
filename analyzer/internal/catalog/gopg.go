package catalog

import "slices"

const (
	goPGPath     = "github.com/go-pg/pg/v10"
	goPGORMPath  = "github.com/go-pg/pg/v10/orm"
	goPGORMQuery = "*github.com/go-pg/pg/v10/orm.Query"
	goPGDB       = "*github.com/go-pg/pg/v10.DB"
	goPGBase     = "*github.com/go-pg/pg/v10.baseDB"
	goPGConn     = "*github.com/go-pg/pg/v10.Conn"
	goPGTx       = "*github.com/go-pg/pg/v10.Tx"
	goPGStmt     = "*github.com/go-pg/pg/v10.Stmt"
	goPGListener = "*github.com/go-pg/pg/v10.Listener"
	goPGResult   = "github.com/go-pg/pg/v10/orm.Result"
	goPGTxFunc   = "func(*github.com/go-pg/pg/v10.Tx) error"
)

// goPG has a pool of its own and no rows: every query is read into a model before it returns. Most methods of DB and Conn are
// those of the unexported baseDB that both embed.
var goPG = Library{
	Path:   goPGPath,
	Doc:    "https://pkg.go.dev/github.com/go-pg/pg/v10",
	Rows:   slices.Concat(goPGPool, goPGTxs, goPGStmts, goPGInterface),
	Embeds: map[string]string{"*DB": goPGBase, "*Conn": goPGBase},
}

var goPGPool = []Row{
	{Func: "Connect", Kind: Construct, Resource: Pool, Type: goPGDB, Freed: closed, Measured: true,
		Note: "opens nothing; PoolSize 10*NumCPU, PoolTimeout 30 s: the only library that stops waiting by default"},
	{Func: "ParseURL", Resource: "config", DSN: 1},
	{Recv: "*DB", Func: "Conn", Kind: Acquire, Resource: Conn, Type: goPGConn, Holds: Slot, Freed: closed, Measured: true, Note: "lazy: the first call takes the slot"},
	{Recv: "*DB", Func: "Listen", Kind: Acquire, Resource: Listener, Type: goPGListener, Holds: Server, Freed: closed, Measured: true, Note: "a server connection of its own"},
	{Recv: "*DB", Func: "WithContext", Resource: Pool, Alias: true},
	{Recv: "*DB", Func: "WithTimeout", Resource: Pool, Alias: true},
	{Recv: "*DB", Func: "WithParam", Resource: Pool, Alias: true},

	{Recv: "*Conn", Func: "WithContext", Resource: Conn, Alias: true},
	{Recv: "*Conn", Func: "WithTimeout", Resource: Conn, Alias: true},
	{Recv: "*Conn", Func: "WithParam", Resource: Conn, Alias: true},

	{Recv: "*baseDB", Func: "Close", Kind: Release, Resource: Pool, Measured: true, Note: "of a DB: closes the connections in use at once; of a Conn: gives it back"},
	{Recv: "*baseDB", Func: "WithTimeout", Resource: Pool, Alias: true},
	{Recv: "*baseDB", Func: "WithParam", Resource: Pool, Alias: true},
	{Recv: "*baseDB", Func: "Begin", Kind: Acquire, Resource: Tx, Type: goPGTx, Holds: SlotIfPool, Freed: goPGTxFreed, Blocks: true, NothingOnErr: true, Measured: true},
	{Recv: "*baseDB", Func: "BeginContext", Kind: Acquire, Resource: Tx, Type: goPGTx, Holds: SlotIfPool, Freed: goPGTxFreed, Blocks: true, NothingOnErr: true,
		Note: "ending the context does not release"},
	{Recv: "*baseDB", Func: "RunInTransaction", Resource: Tx, Type: goPGTxFunc, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Measured: true,
		Note: "releases on error and panic"},
	{Recv: "*baseDB", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: goPGStmt, Holds: SlotIfPool, Freed: closed, Blocks: true, NothingOnErr: true, Measured: true,
		Note: "holds its connection until Close, unlike database/sql"},
	{Recv: "*baseDB", Func: "Exec", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*baseDB", Func: "ExecContext", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*baseDB", Func: "ExecOne", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*baseDB", Func: "ExecOneContext", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*baseDB", Func: "Query", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true, Note: "reads everything into the model"},
	{Recv: "*baseDB", Func: "QueryContext", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*baseDB", Func: "QueryOne", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true, Measured: true},
	{Recv: "*baseDB", Func: "QueryOneContext", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*baseDB", Func: "CopyFrom", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*baseDB", Func: "CopyTo", Resource: Conn, Type: goPGResult, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*baseDB", Func: "Ping", Resource: Conn, Holds: SlotIfPool, Transient: true, Blocks: true},
	{Recv: "*baseDB", Func: "Model", Alias: true},
	{Recv: "*baseDB", Func: "ModelContext", Alias: true},
}

var goPGTxs = []Row{
	{Recv: "*Tx", Func: "Commit", Kind: Release, Resource: Tx, Holds: Slot, Measured: true},
	{Recv: "*Tx", Func: "Rollback", Kind: Release, Resource: Tx, Holds: Slot},
	{Recv: "*Tx", Func: "Close", Kind: Release, Resource: Tx, Holds: Slot, Measured: true, Note: "rolls back; does nothing after Commit"},
	{Recv: "*Tx", Func: "CommitContext", Kind: Release, Resource: Tx, Holds: Slot},
	{Recv: "*Tx", Func: "RollbackContext", Kind: Release, Resource: Tx, Holds: Slot},
	{Recv: "*Tx", Func: "CloseContext", Kind: Release, Resource: Tx, Holds: Slot},
	{Recv: "*Tx", Func: "RunInTransaction", Kind: Release, Resource: Tx, Holds: Slot, Callback: true, Note: "commits or rolls back its receiver"},
	{Recv: "*Tx", Func: "Begin", Resource: Tx, Alias: true, Measured: true, Note: "returns the same transaction"},
	{Recv: "*Tx", Func: "Prepare", Kind: Acquire, Resource: Stmt, Type: goPGStmt, Holds: Parent, Freed: closed, NothingOnErr: true, Note: "closed by Commit/Rollback"},
	{Recv: "*Tx", Func: "Stmt", Kind: Acquire, Resource: Stmt, Type: goPGStmt, Holds: Parent, Freed: closed, Note: "closed by Commit/Rollback"},
	{Recv: "*Tx", Func: "Exec", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "ExecContext", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "ExecOne", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "ExecOneContext", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "Query", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "QueryContext", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "QueryOne", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "QueryOneContext", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "CopyFrom", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "CopyTo", Resource: Conn, Holds: Parent},
	{Recv: "*Tx", Func: "Model", Alias: true},
	{Recv: "*Tx", Func: "ModelContext", Alias: true},
}

// goPGStmts keep their connection, so that their queries need no other.
var goPGStmts = []Row{
	{Recv: "*Stmt", Func: "Close", Kind: Release, Resource: Stmt, Holds: SlotIfPool, Measured: true},
	{Recv: "*Stmt", Func: "Exec", Resource: Conn, Holds: Parent},
	{Recv: "*Stmt", Func: "ExecContext", Resource: Conn, Holds: Parent},
	{Recv: "*Stmt", Func: "ExecOne", Resource: Conn, Holds: Parent},
	{Recv: "*Stmt", Func: "ExecOneContext", Resource: Conn, Holds: Parent},
	{Recv: "*Stmt", Func: "Query", Resource: Conn, Holds: Parent},
	{Recv: "*Stmt", Func: "QueryContext", Resource: Conn, Holds: Parent},
	{Recv: "*Stmt", Func: "QueryOne", Resource: Conn, Holds: Parent},
	{Recv: "*Stmt", Func: "QueryOneContext", Resource: Conn, Holds: Parent},

	{Recv: "*Listener", Func: "Close", Kind: Release, Resource: Listener, Holds: Server, Measured: true},
	{Recv: "*Listener", Func: "Listen", Resource: Listener, Holds: Server},
	{Recv: "*Listener", Func: "Unlisten", Resource: Listener, Holds: Server},
	{Recv: "*Listener", Func: "Receive", Resource: Listener, Holds: Server},
	{Recv: "*Listener", Func: "ReceiveTimeout", Resource: Listener, Holds: Server},
	{Recv: "*Listener", Func: "Channel", Resource: Listener, Holds: Server},
	{Recv: "*Listener", Func: "ChannelSize", Resource: Listener, Holds: Server},
}

// goPGInterface is what repositories take to work on a DB, a Conn or a Tx.
var goPGInterface = slices.Concat([]Row{
	{Recv: "DBI", Func: "Begin", Kind: Acquire, Resource: Tx, Type: goPGTx, Holds: SlotIfPool, Freed: goPGTxFreed, Blocks: true, NothingOnErr: true,
		Note: "of a Tx: returns the same transaction"},
	{Recv: "DBI", Func: "RunInTransaction", Resource: Tx, Type: goPGTxFunc, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true},
},
	briefly("DBI", Conn, "Exec ExecContext ExecOne ExecOneContext Query QueryContext QueryOne QueryOneContext CopyFrom CopyTo"),
	chain("DBI", "Model ModelContext"),
)

// goPGORM is the queries that Model begins.
var goPGORM = Library{
	Path:   goPGORMPath,
	Doc:    "https://pkg.go.dev/github.com/go-pg/pg/v10/orm",
	Family: goPG.Path,
	Rows: slices.Concat([]Row{
		{Func: "NewQuery", Handle: 1, Alias: true},
		{Func: "NewQueryContext", Handle: 2, Alias: true},
		{Recv: "*Query", Func: "DB", Handle: 1, Alias: true},
		{Recv: "*Query", Func: "New", Alias: true},
		{Recv: "*Query", Func: "ForEach", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Callback: true, Note: "holds while the callback runs"},
		{Recv: "*Query", Func: "SelectAndCount", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Note: "two goroutines, a connection each"},
		{Recv: "*Query", Func: "SelectAndCountEstimate", Resource: Rows, Holds: SlotIfPool, Transient: true, Blocks: true, Note: "two goroutines, a connection each"},
	},
		briefly("*Query", Rows, "Count CountEstimate Exists First Last Select Query QueryOne CopyTo"),
		briefly("*Query", Conn, `Insert SelectOrInsert Update UpdateNotZero Delete ForceDelete CreateTable DropTable CreateComposite
			DropComposite Exec ExecOne CopyFrom`),
		chain("*Query", `Clone Context Model Deleted AllWithDeleted With WithInsert WithUpdate WithDelete WrapWith Table TableExpr
			Distinct DistinctOn Column ColumnExpr ExcludeColumn Relation Set Value Where WhereOr WhereGroup WhereNotGroup
			WhereOrGroup WhereOrNotGroup WhereIn WhereInOr WhereInMulti WherePK Join JoinOn JoinOnOr Group GroupExpr Having Union
			UnionAll Intersect IntersectAll Except ExceptAll Order OrderExpr Limit Offset OnConflict Returning For Apply`),
		briefly("DB", Conn, "Exec ExecContext ExecOne ExecOneContext Query QueryContext QueryOne QueryOneContext CopyFrom CopyTo"),
		chain("DB", "Model ModelContext"),
	),
}
