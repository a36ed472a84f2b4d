package catalog

import (
	"slices"
	"strings"
)

// source is how a probe gets a value: a client and calls on what came before. A pool has two connections.
type source struct {
	chain string // "sql/pq.Begin.Query"
	holds string // what the value holds: "slot", "server", "parent"; empty for a pool and what takes from it at each call
	show  string // how that shows: "busy", "tx", "use", or by the count alone
}

// isPool reports whether a call on the value takes a connection of the pool.
func (s source) isPool() bool { return s.holds == "" && s.pooled() }

// pooled reports whether the connection is of a pool.
func (s source) pooled() bool {
	return strings.HasPrefix(s.chain, "pgxpool") || strings.Contains(s.chain, "/")
}

// moves reports whether the row's call takes over what the value holds.
func (s source) moves(r *Row) bool {
	return r.FreesReceiver && r.Recv != "" || strings.HasSuffix(s.chain, ".@begun")
}

// holder returns the script of the call that makes the value, so that its end can be probed.
func (s source) holder() script {
	c := script{Holds: s.holds, Show: s.show, SQL: "large"}
	if m, ok := makers[s.chain]; ok {
		c.Chain, c.Func, c.Driver, c.DSN = none, m.fn, m.driver, m.dsn
	} else {
		i := strings.LastIndexByte(s.chain, '.')
		c.Chain, c.Func = s.chain[:i], s.chain[i+1:]
	}
	if s.show == "use" && c.Holds == "" {
		c.Holds, c.SQL = "nothing", "small" // a statement
	}
	return c
}

const none = "none"

// makers says which function makes the client of a chain, and which of its arguments are the driver and the connection string.
var makers = map[string]struct {
	fn          string
	driver, dsn int
}{
	"pgx":          {pgx5.Path + ".Connect", 0, 2},
	"pgconn":       {pgconn5.Path + ".Connect", 0, 2},
	"pgxpool":      {pgxpool5.Path + ".New", 0, 2},
	"sql/pgx":      {databaseSQL.Path + ".Open", 1, 2},
	"sql/pq":       {databaseSQL.Path + ".Open", 1, 2},
	"listener":     {pq.Path + ".NewListener", 0, 1},
	"listenerconn": {pq.Path + ".NewListenerConn", 0, 1},
}

// overBoth returns the sources with both drivers of database/sql: "sql.Begin" is "sql/pgx.Begin" and "sql/pq.Begin".
func overBoth(sources ...source) []source {
	var both []source
	for _, d := range []string{"/pgx", "/pq"} {
		for _, s := range sources {
			kind, calls, ok := strings.Cut(s.chain, ".")
			s.chain = kind + d
			if ok {
				s.chain += "." + calls
			}
			both = append(both, s)
		}
	}
	return both
}

// typeSources says how to get a value of a receiver's type.
var typeSources = map[string][]source{
	"*" + pgxpool5.Path + ".Pool": {{chain: "pgxpool"}},
	"*" + pgxpool5.Path + ".Conn": {{"pgxpool.Acquire", "slot", ""}},
	"*" + pgxpool5.Path + ".Tx":   {{"pgxpool.Begin", "slot", "tx"}},

	"*" + pgx5.Path + ".Conn": {{"pgx", "server", ""}},
	pgx5.Path + ".Tx": {
		{"pgxpool.Begin", "slot", "tx"}, {"pgx.Begin", "parent", "tx"},
		{"pgxpool.Begin.Begin", "parent", "use"},
	},
	pgx5.Path + ".Rows": {
		{"pgxpool.Query", "slot", "busy"}, {"pgx.Query", "parent", "busy"},
		{"pgxpool.Begin.Query", "parent", "busy"},
	},
	pgx5.Path + ".Row":               {{"pgxpool.QueryRow", "slot", "busy"}, {"pgx.QueryRow", "parent", "busy"}},
	pgx5.Path + ".BatchResults":      {{"pgxpool.SendBatch", "slot", "busy"}, {"pgx.SendBatch", "parent", "busy"}},
	"*" + pgx5.Path + ".Batch":       {{"pgxpool.@batch", "nothing", ""}},
	"*" + pgx5.Path + ".QueuedQuery": {{chain: "pgxpool"}},

	"*" + pgx5.Path + ".LargeObjects": {{"pgxpool.Begin.@lobs", "slot", ""}, {"pgx.Begin.@lobs", "server", ""}},
	"*" + pgx5.Path + ".LargeObject":  {{"pgxpool.Begin.@lobs.Open", "slot", ""}},

	"*" + pgconn5.Path + ".PgConn":            {{"pgconn", "server", ""}},
	"*" + pgconn5.Path + ".MultiResultReader": {{"pgconn.Exec", "parent", "busy"}},
	"*" + pgconn5.Path + ".ResultReader":      {{"pgconn.ExecParams", "parent", "busy"}},
	"*" + pgconn5.Path + ".Pipeline":          {{"pgconn.StartPipeline", "parent", "busy"}},
	"*" + stdlib5.Path + ".Conn":              {{"sql/pgx.Conn.@raw", "slot", ""}},

	"*database/sql.DB":   overBoth(source{chain: "sql"}),
	"*database/sql.Conn": overBoth(source{"sql.Conn", "slot", ""}),
	"*database/sql.Tx":   overBoth(source{"sql.Begin", "slot", "tx"}, source{"sql.Conn.BeginTx", "parent", "tx"}),
	"*database/sql.Stmt": overBoth(source{"sql.Prepare", "", "use"}, source{"sql.Begin.Prepare", "parent", "use"}),
	"*database/sql.Rows": overBoth(source{"sql.Query", "slot", "busy"}, source{"sql.Begin.Query", "parent", "busy"}),
	"*database/sql.Row":  overBoth(source{"sql.QueryRow", "slot", "busy"}, source{"sql.Begin.QueryRow", "parent", "busy"}),

	sqlxDB:        overBoth(source{chain: "sqlx"}),
	sqlxConn:      overBoth(source{"sqlx.Connx", "slot", ""}),
	sqlxTx:        overBoth(source{"sqlx.Beginx", "slot", "tx"}),
	sqlxStmt:      overBoth(source{"sqlx.Preparex", "", "use"}, source{"sqlx.Beginx.Preparex", "parent", "use"}),
	sqlxNamedStmt: overBoth(source{"sqlx.PrepareNamed", "", "use"}, source{"sqlx.Beginx.PrepareNamed", "parent", "use"}),
	sqlxRows:      overBoth(source{"sqlx.Queryx", "slot", "busy"}, source{"sqlx.Beginx.Queryx", "parent", "busy"}),
	sqlxRow:       overBoth(source{"sqlx.QueryRowx", "slot", "busy"}, source{"sqlx.Beginx.QueryRowx", "parent", "busy"}),

	pqListener:     {{"listener", "server", ""}},
	pqListenerConn: {{"listenerconn", "server", ""}},

	sqlx.Path + ".Queryer":         sqlxHandles,
	sqlx.Path + ".QueryerContext":  sqlxHandles,
	sqlx.Path + ".Execer":          sqlxHandles,
	sqlx.Path + ".ExecerContext":   sqlxHandles,
	sqlx.Path + ".Preparer":        sqlxHandles,
	sqlx.Path + ".PreparerContext": sqlxHandles,
}

// sqlxHandles is what is behind the interfaces that sqlx takes.
var sqlxHandles = overBoth(source{chain: "sqlx"}, source{"sqlx.Beginx", "slot", "tx"})

var pgxHandles = []source{{chain: "pgxpool"}, {"pgxpool.Begin", "slot", "tx"}, {"pgx", "server", ""}}

// rowSources says the same for rows whose receiver or argument is a special one.
var rowSources = map[string][]source{
	"(*github.com/jackc/pgx/v5.Conn).Deallocate":                   {{"pgx.@named", "server", ""}},
	"(*github.com/jackc/pgx/v5.Conn).WaitForNotification":          {{"pgx.@notified", "server", ""}},
	"(*github.com/jackc/pgx/v5/pgconn.PgConn).Deallocate":          {{"pgconn.@named", "server", ""}},
	"(*github.com/jackc/pgx/v5/pgconn.PgConn).ExecPrepared":        {{"pgconn.@named", "server", ""}},
	"(*github.com/jackc/pgx/v5/pgconn.PgConn).WaitForNotification": {{"pgconn.@notified", "server", ""}},
	// After BeginTx of the batch its transaction holds what the results would, and closing them frees nothing.
	"(github.com/jackc/pgx/v5.BatchResults).Tx":       {{"pgxpool.@begun", "slot", "busy"}, {"pgx.@begun", "parent", "busy"}},
	"github.com/jackc/pgx/v5.BeginFunc":               pgxHandles,
	"github.com/jackc/pgx/v5.BeginTxFunc":             {{chain: "pgxpool"}, {"pgx", "server", ""}},
	"github.com/jackc/pgx/v5.RowsFromResultReader":    {{"pgconn", "server", ""}},
	"github.com/jackc/pgx/v5/stdlib.OpenDBFromPool":   {{chain: "pgxpool"}},
	"github.com/jackc/pgx/v5/stdlib.GetPoolConnector": {{chain: "pgxpool"}},
	"github.com/jmoiron/sqlx.NewDb":                   overBoth(source{chain: "sql"}),
	"github.com/jmoiron/sqlx.StructScan":              typeSources[sqlxRows],
	"github.com/jmoiron/sqlx.MapScan":                 typeSources[sqlxRows],
	"github.com/jmoiron/sqlx.SliceScan":               typeSources[sqlxRows],
}

// sourcesOf returns where the row's function can be called.
func sourcesOf(r *Row) []source {
	if s := rowSources[r.Name()]; s != nil {
		return s
	}
	switch {
	case r.Recv != "":
		return typeSources[r.recvType()]
	case r.Kind == Consume, strings.HasPrefix(r.Func, "RowTo"):
		return typeSources[pgxRows]
	case r.Path == sqlx.Path && r.Handle > 0:
		return sqlxHandles
	case slices.Contains(probed, r.Path):
		return []source{{none, "nothing", ""}}
	}
	return nil
}
