// Package wiring: pools that are built at the start, by hand or by a framework.
package wiring

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/spf13/cobra"
	"go.uber.org/fx"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"

	"example.com/poolvet/testdata/straypool/examined/dbx"
	"example.com/poolvet/testdata/straypool/examined/svc"
)

//go:embed *.go
var files embed.FS

func okProvider(lc fx.Lifecycle) (*pgxpool.Pool, error) {
	p, err := pgxpool.New(context.Background(), os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	lc.Append(fx.Hook{OnStop: func(context.Context) error { p.Close(); return nil }})
	return p, nil
}

var Module = fx.Module("db", fx.Provide(okProvider, okProvideSQL), fx.Invoke(okOnStart))

func okProvideSQL(p *pgxpool.Pool) *sql.DB { return stdlib.OpenDBFromPool(p) }

type Holder struct{ x *sqlx.DB }

func okOnStart(lc fx.Lifecycle) *Holder {
	h := &Holder{}
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) (err error) {
			h.x, err = sqlx.ConnectContext(ctx, "postgres", os.Getenv("DSN"))
			return err
		},
		OnStop: func(context.Context) error { return h.x.Close() },
	})
	return h
}

func okFxInline() *fx.App {
	return fx.New(fx.Provide(func() (*sql.DB, error) { return sql.Open("pgx", os.Getenv("DSN")) }), Module)
}

// App is what an injector builds.
type App struct {
	o  *svc.Orders
	db *gorm.DB
}

func okInitializeApp(ctx context.Context) (*App, func(), error) {
	st, err := dbx.NewStore(ctx, os.Getenv("DSN"))
	if err != nil {
		return nil, nil, err
	}
	g, err := gorm.Open(postgres.Open(os.Getenv("DSN2")), &gorm.Config{})
	if err != nil {
		st.Close()
		return nil, nil, err
	}
	return &App{svc.OrdersWith(st), g}, func() { st.Close() }, nil
}

func okCobraRunE() *cobra.Command {
	var dsn string
	cmd := &cobra.Command{
		Use: "purge",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := pgx.Connect(cmd.Context(), dsn)
			if err != nil {
				return err
			}
			defer c.Close(cmd.Context())
			_, err = c.Exec(cmd.Context(), "delete from t where id = any($1)", args)
			return err
		},
	}
	cmd.Flags().StringVar(&dsn, "dsn", os.Getenv("DSN"), "")
	return cmd
}

func okCobraCommandsLoop(root *cobra.Command) {
	for _, name := range []string{"up", "down"} {
		root.AddCommand(&cobra.Command{Use: name, RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := sql.Open("pgx", os.Getenv("DSN"))
			if err != nil {
				return err
			}
			defer db.Close()
			_, err = db.ExecContext(cmd.Context(), "select "+name+"()")
			return err
		}})
	}
}

func okCobraPersistentPreRun(root *cobra.Command) {
	var p *pgxpool.Pool
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) (err error) {
		p, err = dbx.NewPool(cmd.Context(), os.Getenv("DSN"))
		return err
	}
	root.PersistentPostRun = func(*cobra.Command, []string) { p.Close() }
}

func okMigrate(ctx context.Context, dsn string) error {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	return fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, string(b))
		return err
	})
}

func okMigrateThenPool(ctx context.Context) (*pgxpool.Pool, error) {
	mdb, err := sql.Open("pgx", os.Getenv("MIGRATION_DSN"))
	if err != nil {
		return nil, err
	}
	if _, err := mdb.ExecContext(ctx, "select migrate()"); err != nil {
		_ = mdb.Close()
		return nil, err
	}
	if err := mdb.Close(); err != nil {
		return nil, err
	}
	return pgxpool.New(ctx, os.Getenv("DSN"))
}

func okPrimaryReplica(ctx context.Context) (primary, replica *pgxpool.Pool, err error) {
	if primary, err = dbx.NewPool(ctx, os.Getenv("PRIMARY")); err != nil {
		return
	}
	replica, err = dbx.NewPool(ctx, os.Getenv("REPLICA"))
	return
}

type stack struct {
	pg  *pg.DB
	eng *xorm.Engine
}

func okNewStack() (s stack, err error) {
	s.pg = pg.Connect(&pg.Options{Addr: os.Getenv("PG"), PoolSize: 5})
	s.eng, err = xorm.NewEngine("postgres", os.Getenv("DSN"))
	return
}

func okDriverSwitch(driver, dsn string) (*sql.DB, error) {
	switch driver {
	case "pgx", "postgres":
		return sql.Open(driver, dsn)
	case "sqlite":
		return sql.Open("sqlite", dsn)
	}
	return nil, fmt.Errorf("unknown driver %q", driver)
}

func okOpener(open func(string, string) (*sql.DB, error)) (*sql.DB, error) {
	return open("pgx", os.Getenv("DSN"))
}

var _, _ = okOpener(sql.Open)

func okCreateDatabase(ctx context.Context, name string) (*pgxpool.Pool, error) {
	err := dbx.WithConn(ctx, os.Getenv("ADMIN_DSN"), func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize())
		return err
	})
	if err != nil {
		return nil, err
	}
	return dbx.NewPool(ctx, os.Getenv("DSN")+" dbname="+name)
}

func okLeaderLock(ctx context.Context) error {
	c, err := pgx.Connect(ctx, os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "select pg_advisory_lock(42)"); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func okWaitLoopBefore(ctx context.Context, ready func() bool) (*pgxpool.Pool, error) {
	for !ready() {
		time.Sleep(time.Second)
	}
	return pgxpool.New(ctx, os.Getenv("DSN"))
}

func okConstructInIfElse(ctx context.Context, tx bool) (any, error) {
	if tx {
		return pgx.Connect(ctx, os.Getenv("DSN"))
	} else if os.Getenv("LEGACY") != "" {
		return sqlx.ConnectContext(ctx, "pgx", os.Getenv("DSN"))
	}
	return dbx.NewPool(ctx, os.Getenv("DSN"))
}

// okMentionOnly calls no constructor.
func okMentionOnly() map[string]any {
	return map[string]any{"pgx": pgx.Connect, "pool": pgxpool.New, "sql": sql.Open}
}

type Builder struct {
	dsn  string
	opts []func(*pgxpool.Config)
}

func NewBuilder(dsn string) *Builder                     { return &Builder{dsn: dsn} }
func (b *Builder) With(f func(*pgxpool.Config)) *Builder { b.opts = append(b.opts, f); return b }
func (b *Builder) okBuild(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(b.dsn)
	if err != nil {
		return nil, err
	}
	for _, f := range b.opts {
		f(c)
	}
	return pgxpool.NewWithConfig(ctx, c)
}
