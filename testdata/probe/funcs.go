package main

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// packageFuncs is the functions that are no methods; reflection finds those.
var packageFuncs = map[string]any{
	"database/sql.Open":   sql.Open,
	"database/sql.OpenDB": sql.OpenDB,

	"github.com/jackc/pgx/v5/pgxpool.New":           pgxpool.New,
	"github.com/jackc/pgx/v5/pgxpool.NewWithConfig": pgxpool.NewWithConfig,
	"github.com/jackc/pgx/v5/pgxpool.ParseConfig":   pgxpool.ParseConfig,

	"github.com/jackc/pgx/v5.Connect":                       pgx.Connect,
	"github.com/jackc/pgx/v5.ConnectConfig":                 pgx.ConnectConfig,
	"github.com/jackc/pgx/v5.ConnectWithOptions":            pgx.ConnectWithOptions,
	"github.com/jackc/pgx/v5.ParseConfig":                   pgx.ParseConfig,
	"github.com/jackc/pgx/v5.ParseConfigWithOptions":        pgx.ParseConfigWithOptions,
	"github.com/jackc/pgx/v5.BeginFunc":                     pgx.BeginFunc,
	"github.com/jackc/pgx/v5.BeginTxFunc":                   pgx.BeginTxFunc,
	"github.com/jackc/pgx/v5.CollectRows":                   pgx.CollectRows[string],
	"github.com/jackc/pgx/v5.CollectOneRow":                 pgx.CollectOneRow[string],
	"github.com/jackc/pgx/v5.CollectExactlyOneRow":          pgx.CollectExactlyOneRow[string],
	"github.com/jackc/pgx/v5.AppendRows":                    pgx.AppendRows[string, []string],
	"github.com/jackc/pgx/v5.ForEachRow":                    pgx.ForEachRow,
	"github.com/jackc/pgx/v5.RowTo":                         pgx.RowTo[string],
	"github.com/jackc/pgx/v5.RowToMap":                      pgx.RowToMap,
	"github.com/jackc/pgx/v5.RowToAddrOf":                   pgx.RowToAddrOf[string],
	"github.com/jackc/pgx/v5.RowToStructByName":             pgx.RowToStructByName[line],
	"github.com/jackc/pgx/v5.RowToStructByPos":              pgx.RowToStructByPos[line],
	"github.com/jackc/pgx/v5.RowToStructByNameLax":          pgx.RowToStructByNameLax[line],
	"github.com/jackc/pgx/v5.RowToAddrOfStructByName":       pgx.RowToAddrOfStructByName[line],
	"github.com/jackc/pgx/v5.RowToAddrOfStructByPos":        pgx.RowToAddrOfStructByPos[line],
	"github.com/jackc/pgx/v5.RowToAddrOfStructByNameLax":    pgx.RowToAddrOfStructByNameLax[line],
	"github.com/jackc/pgx/v5.RowsFromResultReader":          pgx.RowsFromResultReader,
	"github.com/jackc/pgx/v5.ScanRow":                       pgx.ScanRow,
	"github.com/jackc/pgx/v5.FailedBatchResults":            pgx.FailedBatchResults,
	"github.com/jackc/pgx/v5/pgconn.Connect":                pgconn.Connect,
	"github.com/jackc/pgx/v5/pgconn.ConnectConfig":          pgconn.ConnectConfig,
	"github.com/jackc/pgx/v5/pgconn.ConnectWithOptions":     pgconn.ConnectWithOptions,
	"github.com/jackc/pgx/v5/pgconn.ParseConfig":            pgconn.ParseConfig,
	"github.com/jackc/pgx/v5/pgconn.ParseConfigWithOptions": pgconn.ParseConfigWithOptions,
	"github.com/jackc/pgx/v5/pgconn.Construct":              pgconn.Construct,
	"github.com/jackc/pgx/v5/stdlib.OpenDB":                 func(c pgx.ConnConfig) *sql.DB { return stdlib.OpenDB(c) },
	"github.com/jackc/pgx/v5/stdlib.OpenDBFromPool":         func(p *pgxpool.Pool) *sql.DB { return stdlib.OpenDBFromPool(p) },
	"github.com/jackc/pgx/v5/stdlib.GetConnector":           stdlib.GetConnector,
	"github.com/jackc/pgx/v5/stdlib.GetPoolConnector":       stdlib.GetPoolConnector,
	"github.com/jackc/pgx/v5/stdlib.RegisterConnConfig":     stdlib.RegisterConnConfig,
	"github.com/jackc/pgx/v5/stdlib.UnregisterConnConfig":   stdlib.UnregisterConnConfig,
	"github.com/jackc/pgx/v5/stdlib.GetDefaultDriver":       stdlib.GetDefaultDriver,

	"github.com/lib/pq.NewListener":     pq.NewListener,
	"github.com/lib/pq.NewDialListener": pq.NewDialListener,
	"github.com/lib/pq.NewListenerConn": pq.NewListenerConn,
	"github.com/lib/pq.NewConnector":    pq.NewConnector,
	"github.com/lib/pq.Open":            pq.Open,
	"github.com/lib/pq.DialOpen":        pq.DialOpen,

	"github.com/jmoiron/sqlx.Open":              sqlx.Open,
	"github.com/jmoiron/sqlx.MustOpen":          sqlx.MustOpen,
	"github.com/jmoiron/sqlx.Connect":           sqlx.Connect,
	"github.com/jmoiron/sqlx.MustConnect":       sqlx.MustConnect,
	"github.com/jmoiron/sqlx.ConnectContext":    sqlx.ConnectContext,
	"github.com/jmoiron/sqlx.NewDb":             sqlx.NewDb,
	"github.com/jmoiron/sqlx.In":                sqlx.In,
	"github.com/jmoiron/sqlx.Named":             sqlx.Named,
	"github.com/jmoiron/sqlx.Select":            sqlx.Select,
	"github.com/jmoiron/sqlx.SelectContext":     sqlx.SelectContext,
	"github.com/jmoiron/sqlx.Get":               sqlx.Get,
	"github.com/jmoiron/sqlx.GetContext":        sqlx.GetContext,
	"github.com/jmoiron/sqlx.MustExec":          sqlx.MustExec,
	"github.com/jmoiron/sqlx.MustExecContext":   sqlx.MustExecContext,
	"github.com/jmoiron/sqlx.NamedExec":         sqlx.NamedExec,
	"github.com/jmoiron/sqlx.NamedExecContext":  sqlx.NamedExecContext,
	"github.com/jmoiron/sqlx.NamedQuery":        sqlx.NamedQuery,
	"github.com/jmoiron/sqlx.NamedQueryContext": sqlx.NamedQueryContext,
	"github.com/jmoiron/sqlx.Preparex":          sqlx.Preparex,
	"github.com/jmoiron/sqlx.PreparexContext":   sqlx.PreparexContext,
	"github.com/jmoiron/sqlx.StructScan":        sqlx.StructScan,
	"github.com/jmoiron/sqlx.MapScan":           sqlx.MapScan,
	"github.com/jmoiron/sqlx.SliceScan":         sqlx.SliceScan,
	"github.com/jmoiron/sqlx.LoadFile":          sqlx.LoadFile,
	"github.com/jmoiron/sqlx.LoadFileContext":   sqlx.LoadFileContext,
}

// steps is what chains need that is no call of a method with arguments that follow from their types.
var steps = map[string]func(b *bench, v any) any{
	"@batch":  func(*bench, any) any { return &pgx.Batch{} },
	"@queued": func(b *bench, v any) any { return v.(*pgx.Batch).Queue(texts[b.SQL]) },
	"@begun": func(b *bench, v any) any { // a batch that is a transaction
		batch := &pgx.Batch{}
		batch.BeginTx(pgx.TxOptions{})
		batch.Queue(texts[b.SQL])
		return v.(interface {
			SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
		}).SendBatch(b.ctx, batch)
	},
	"@lobs": func(b *bench, v any) any {
		lobs := v.(pgx.Tx).LargeObjects()
		return &lobs
	},
	"@named": func(b *bench, v any) any { // a connection with a prepared statement
		must(b.pg.Prepare(b.ctx, "named", texts[b.SQL], nil))
		return v
	},
	"@notified": func(b *bench, v any) any { // a connection for which there is a notification
		must(b.pg.Exec(b.ctx, "listen probe").ReadAll())
		must(b.srv.admin.Exec(b.ctx, "notify probe"))
		return v
	},
	"@raw": func(b *bench, v any) any {
		var conn *stdlib.Conn
		err := v.(*sql.Conn).Raw(func(c any) error {
			conn = c.(*stdlib.Conn)
			return nil
		})
		if err != nil {
			panic(err)
		}
		return conn
	},
	"@multi": func(b *bench, v any) any { return v.(*pgconn.PgConn).Exec(b.ctx, texts[b.SQL]) },
	"@reader": func(b *bench, v any) any {
		return v.(*pgconn.PgConn).ExecParams(b.ctx, texts[b.SQL], nil, nil, nil, nil)
	},
}
