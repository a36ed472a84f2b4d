package svc

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"

	"example.com/poolvet/testdata/straypool/allowed/internal/db"
)

func badValue() (*sql.DB, error) {
	open := sql.Open // want `sql\.Open is taken as a value outside the packages`
	return open("pgx", dsn)
}

// badParentheses calls it through parentheses.
func badParentheses() (*sql.DB, error) {
	return (sql.Open)("pgx", dsn) // want `sql\.Open builds a pool outside the packages`
}

func badVariableOfFunctionType(lazy bool) (*sqlx.DB, error) {
	var open func(string, string) (*sqlx.DB, error)
	if lazy {
		open = sqlx.Open // want `sqlx\.Open is taken as a value outside the packages`
	} else {
		open = sqlx.Connect // want `sqlx\.Connect is taken as a value outside the packages`
	}
	return open("pgx", dsn)
}

type dependencies struct {
	open    func(driverName, dsn string) (*sql.DB, error)
	connect func(context.Context, string) (*pgx.Conn, error)
}

func badStructField() *dependencies {
	return &dependencies{
		open:    sql.Open,    // want `sql\.Open is taken as a value outside the packages`
		connect: pgx.Connect, // want `pgx\.Connect is taken as a value outside the packages`
	}
}

// badFieldAssigned sets the field later.
func badFieldAssigned(d *dependencies) {
	d.connect = pgx.Connect // want `pgx\.Connect is taken as a value outside the packages`
}

// okFieldCalled calls a field; where it was set was the place.
func okFieldCalled(ctx context.Context, d *dependencies) (*pgx.Conn, error) {
	return d.connect(ctx, dsn)
}

func badMapOfFunctions(kind string) (*sql.DB, error) {
	openers := map[string]func(string, string) (*sql.DB, error){
		"sql": sql.Open, // want `sql\.Open is taken as a value outside the packages`
		"db":  func(_, dsn string) (*sql.DB, error) { return db.Open(dsn) },
	}
	return openers[kind]("pgx", dsn)
}

func badConversion() db.Opener {
	return db.Opener(sql.Open) // want `sql\.Open is taken as a value outside the packages`
}

func badReturned() func(context.Context, string) (*pgxpool.Pool, error) {
	return pgxpool.New // want `pgxpool\.New is taken as a value outside the packages`
}

// build is generic over what it builds.
func build[T any](ctx context.Context, open func(context.Context, string) (T, error)) (T, error) {
	return open(ctx, dsn)
}

func badGeneric(ctx context.Context) (*pgxpool.Pool, error) {
	return build(ctx, pgxpool.New) // want `pgxpool\.New is taken as a value outside the packages`
}

func badGenericInstance(ctx context.Context) (*pgx.Conn, error) {
	return build[*pgx.Conn](ctx, pgx.Connect) // want `pgx\.Connect is taken as a value outside the packages`
}

// okGeneric gives it a function of the allowed package.
func okGeneric(ctx context.Context) (*pgxpool.Pool, error) { return build(ctx, db.Pool) }

// badGenericBody constructs in a generic function.
func badGenericBody[T any](ctx context.Context, wrap func(*pgxpool.Pool) T) (t T, err error) {
	pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New builds a pool outside the packages`
	if err != nil {
		return t, err
	}
	return wrap(pool), nil
}

// okGenericBody calls a generic function, which is reported itself.
func okGenericBody(ctx context.Context) (int32, error) {
	return badGenericBody(ctx, func(p *pgxpool.Pool) int32 { return p.Stat().TotalConns() })
}

// factory is a wrapper of this package: its method constructs, and is reported; who takes the method as a value is not.
type factory struct{ driver string }

func (f factory) badOpen(dsn string) (*sql.DB, error) {
	return sql.Open(f.driver, dsn) // want `sql\.Open builds a pool outside the packages`
}

// okMethodValue names a method of this package.
func okMethodValue() (*sql.DB, error) {
	open := factory{"pgx"}.badOpen
	return open(dsn)
}

// okMethodExpression does so by the type.
func okMethodExpression() (*sql.DB, error) { return factory.badOpen(factory{"pgx"}, dsn) }

func badLiteral() func() (*sql.DB, error) {
	return sync.OnceValues(func() (*sql.DB, error) {
		return sql.Open("pgx", dsn) // want `sql\.Open builds a pool outside the packages`
	})
}

func badGo(ctx context.Context, out chan<- *pgxpool.Pool) {
	go func() {
		pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New builds a pool outside the packages`
		if err == nil {
			out <- pool
		}
	}()
}

func badDefer(ctx context.Context) {
	defer pgxpool.New(ctx, dsn) // want `pgxpool\.New builds a pool outside the packages`
}

func badConnectorValue(c driver.Connector) *sql.DB {
	return func(open func(driver.Connector) *sql.DB) *sql.DB { return open(c) }(sql.OpenDB) // want `sql\.OpenDB is taken as a value outside the packages`
}

// badChannelOfFunctions sends it.
func badChannelOfFunctions(ch chan func(string, string) *sqlx.DB) {
	ch <- sqlx.MustConnect // want `sqlx\.MustConnect is taken as a value outside the packages`
}
