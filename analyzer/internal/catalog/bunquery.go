package catalog

import "slices"

// bunNew is the methods that begin a query on a DB, a Conn or a Tx.
const bunNew = `NewValues NewMerge NewSelect NewInsert NewUpdate NewDelete NewRaw NewCreateTable NewDropTable NewCreateIndex
	NewDropIndex NewTruncateTable NewAddColumn NewDropColumn`

// bunBuilders is the queries under construction: they work on what began them, unless Conn says otherwise.
var bunBuilders = slices.Concat(
	chain("*DB", bunNew),
	chain("Conn", bunNew),
	chain("Tx", bunNew),
	chain("IDB", bunNew),
	chain("*baseQuery", `NewValues NewSelect NewInsert NewUpdate NewDelete NewRaw NewCreateTable NewDropTable
		NewCreateIndex NewDropIndex NewTruncateTable NewAddColumn NewDropColumn`), // promoted to every query: another one on the same connection
	chain("*SelectQuery", `Model Err Apply With WithRecursive WithQuery Distinct DistinctOn Table TableExpr ModelTableExpr Column
		ColumnExpr ExcludeColumn WherePK Where WhereOr WhereGroup WhereDeleted WhereAllWithDeleted UseIndex
		UseIndexForJoin UseIndexForOrderBy UseIndexForGroupBy IgnoreIndex IgnoreIndexForJoin
		IgnoreIndexForOrderBy IgnoreIndexForGroupBy ForceIndex ForceIndexForJoin ForceIndexForOrderBy
		ForceIndexForGroupBy Group GroupExpr Having Order OrderBy OrderExpr Limit Offset For Union UnionAll
		Intersect IntersectAll Except ExceptAll Join JoinOn JoinOnOr Relation RelationWithOpts Comment Clone
		ApplyQueryBuilder`),
	chain("*InsertQuery", `Model Err Apply With WithRecursive WithQuery Table TableExpr ModelTableExpr Column ColumnExpr
		ExcludeColumn Value Where WhereOr Returning Ignore Replace Comment On Set SetValues`),
	chain("*UpdateQuery", `Model Err Apply With WithRecursive WithQuery Table TableExpr ModelTableExpr Column ExcludeColumn Set
		SetColumn Value OmitZero Join JoinOn JoinOnOr WherePK Where WhereOr WhereGroup WhereDeleted
		WhereAllWithDeleted Order OrderExpr Limit Returning Comment Bulk ApplyQueryBuilder UseIndex IgnoreIndex
		ForceIndex`),
	chain("*DeleteQuery", `Model Err Apply With WithRecursive WithQuery Table TableExpr ModelTableExpr WherePK Where WhereOr
		WhereGroup WhereDeleted WhereAllWithDeleted Order OrderExpr ForceDelete Limit Returning Comment
		ApplyQueryBuilder`),
	chain("*MergeQuery", `Model Err Apply With WithRecursive WithQuery Table TableExpr ModelTableExpr Returning Using On WhenInsert
		WhenUpdate WhenDelete When Comment`),
	chain("*RawQuery", `Err Comment`),
	chain("*ValuesQuery", `Err Column Value OmitZero WithOrder Comment`),
	chain("*CreateTableQuery", `Model Err Table TableExpr ModelTableExpr ColumnExpr Temp IfNotExists Varchar ForeignKey PartitionBy
		TableSpace WithForeignKeys Comment`),
	chain("*DropTableQuery", `Model Err Table TableExpr ModelTableExpr IfExists Cascade Restrict Comment`),
	chain("*CreateIndexQuery", `Model Err Unique Concurrently IfNotExists Index IndexExpr Table TableExpr ModelTableExpr Using Column
		ColumnExpr ExcludeColumn Include IncludeExpr Where WhereOr Comment`),
	chain("*DropIndexQuery", `Model Err Concurrently IfExists Cascade Restrict Index Comment`),
	chain("*TruncateTableQuery", `Model Err Table TableExpr ModelTableExpr ContinueIdentity Cascade Restrict Comment`),
	chain("*AddColumnQuery", `Model Err Apply Table TableExpr ModelTableExpr ColumnExpr IfNotExists Comment`),
	chain("*DropColumnQuery", `Model Err Apply Table TableExpr ModelTableExpr Column ColumnExpr Comment`),
	[]Row{
		{Recv: "*SelectQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*InsertQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*UpdateQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*DeleteQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*MergeQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*RawQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*ValuesQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*CreateTableQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*DropTableQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*CreateIndexQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*DropIndexQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*TruncateTableQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*AddColumnQuery", Func: "Conn", Handle: 1, Alias: true},
		{Recv: "*DropColumnQuery", Func: "Conn", Handle: 1, Alias: true},
		{Func: "NewSelectQuery", Handle: 1, Alias: true},
		{Func: "NewInsertQuery", Handle: 1, Alias: true},
		{Func: "NewUpdateQuery", Handle: 1, Alias: true},
		{Func: "NewDeleteQuery", Handle: 1, Alias: true},
		{Func: "NewMergeQuery", Handle: 1, Alias: true},
		{Func: "NewRawQuery", Handle: 1, Alias: true},
		{Func: "NewValuesQuery", Handle: 1, Alias: true},
		{Func: "NewCreateTableQuery", Handle: 1, Alias: true},
		{Func: "NewDropTableQuery", Handle: 1, Alias: true},
		{Func: "NewCreateIndexQuery", Handle: 1, Alias: true},
		{Func: "NewDropIndexQuery", Handle: 1, Alias: true},
		{Func: "NewTruncateTableQuery", Handle: 1, Alias: true},
		{Func: "NewAddColumnQuery", Handle: 1, Alias: true},
		{Func: "NewDropColumnQuery", Handle: 1, Alias: true},
	},
)
