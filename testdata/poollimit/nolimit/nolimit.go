// Package nolimit opens database/sql pools with and without a limit. Without SetMaxOpenConns such a pool is unlimited.
package nolimit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/DATA-DOG/go-sqlmock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/lib/pq"

	database "database/sql"
)

const localDSN = "postgres://app:app@localhost:5432/app?sslmode=disable"

// okWorker is the plain form.
func okWorker(ctx context.Context, dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer db.Close()
	db.SetMaxOpenConns(4)
	return drain(ctx, db)
}

// badWorker starts one goroutine for each queue. Each of them may open a connection.
func badWorker(ctx context.Context, dsn string, queues []string) error {
	db, err := sql.Open("pgx", dsn) // want "db has no limit"
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer db.Close()
	var wg sync.WaitGroup
	for _, q := range queues {
		wg.Go(func() {
			if _, err := db.ExecContext(ctx, "delete from jobs where queue = $1", q); err != nil {
				log.Print(err)
			}
		})
	}
	wg.Wait()
	return nil
}

func drain(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "delete from jobs where done")
	return err
}

// okPositive sets the limit only when the operator asks for one. Zero means what the library does, and that is documented.
func okPositive(dsn string, maxOpen int) (*sql.DB, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	if maxOpen > 0 {
		db.SetMaxOpenConns(maxOpen)
	}
	return db, nil
}

// okEnvironment sets the limit only when the variable is there.
func okEnvironment() *sql.DB {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if s, ok := os.LookupEnv("DB_MAX_OPEN"); ok {
		if n, err := strconv.Atoi(s); err == nil {
			db.SetMaxOpenConns(n)
		}
	}
	return db
}

// badReturned is the most copied shape on the web.
func badReturned() *sql.DB {
	db, err := sql.Open("postgres", localDSN) // want "db has no limit"
	if err != nil {
		panic(err.Error())
	}
	return db
}

// badReturnedAtOnce has no place for a limit.
func badReturnedAtOnce(dsn string) (*sql.DB, error) {
	return sql.Open("pgx", dsn) // want `the pool of sql\.Open has no limit`
}

// rawHandle leaves the limit to its caller.
func rawHandle(user, password, host string) (*sql.DB, error) {
	db, err := sql.Open("pgx", fmt.Sprintf("postgres://%s:%s@%s/billing", user, password, host))
	if err != nil {
		return nil, fmt.Errorf("billing: %w", err)
	}
	if err := db.Ping(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// okCallerConfigures is the caller of rawHandle.
func okCallerConfigures(host string) (*sql.DB, error) {
	db, err := rawHandle("billing", os.Getenv("PGPASSWORD"), host)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(8)
	db.SetConnMaxLifetime(30 * time.Minute)
	return db, nil
}

// dial and dialWithRetry both hand the pool on; the limit stands two calls further up.
func dial(dsn string) (*sql.DB, error) { return sql.Open("pgx", dsn) }

func dialWithRetry(dsn string) (*sql.DB, error) {
	var last error
	for range 5 {
		db, err := dial(dsn)
		if err == nil {
			if err = db.Ping(); err == nil {
				return db, nil
			}
			db.Close()
		}
		last = err
		time.Sleep(time.Second)
	}
	return nil, last
}

// okTwoLevels configures what came through two functions.
func okTwoLevels(dsn string) (*sql.DB, error) {
	db, err := dialWithRetry(dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(6)
	return db, nil
}

// badMustOpen has a visible caller, and the caller sets everything but the limit.
func badMustOpen(dsn string) *sql.DB {
	db, err := sql.Open("postgres", dsn) // want "db has no limit"
	if err != nil {
		log.Fatalf("open: %v", err)
	}
	return db
}

// countOrders is the caller of badMustOpen.
func countOrders(ctx context.Context, dsn string) (n int, err error) {
	db := badMustOpen(dsn)
	defer db.Close()
	db.SetConnMaxIdleTime(time.Minute)
	err = db.QueryRowContext(ctx, "select count(*) from orders").Scan(&n)
	return n, err
}

// badIdleOnly limits the idle connections only. The open ones have no limit.
func badIdleOnly(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(10)
	db.SetConnMaxLifetime(time.Hour)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db, nil
}

// okDeferred configures in a deferred call: it runs before the caller gets the pool.
func okDeferred(dsn string) (db *sql.DB, err error) {
	defer func() {
		if err == nil {
			db.SetMaxOpenConns(10)
			db.SetMaxIdleConns(5)
		}
	}()
	db, err = sql.Open("pgx", dsn)
	return db, err
}

// okDeferredCall is the same without a closure.
func okDeferredCall(ctx context.Context, dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer drain(ctx, db)
	defer db.SetMaxOpenConns(2)
	return db.PingContext(ctx)
}

// okClosure configures the captured variable.
func okClosure(dsn string, quiet bool) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	limit := func(n int) {
		if !quiet {
			log.Printf("limit %d", n)
		}
		db.SetMaxOpenConns(n)
	}
	limit(12)
	return db, nil
}

// okMethodValue calls the setter through a variable.
func okMethodValue(dsn string, n int) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	setters := map[string]func(int){"open": db.SetMaxOpenConns, "idle": db.SetMaxIdleConns}
	for _, set := range setters {
		set(n)
	}
	return db, nil
}

// okAfterRetry opens in a start-up loop and configures after it.
func okAfterRetry(ctx context.Context, dsn string) (*sql.DB, error) {
	var db *sql.DB
	var err error
	for attempt := 1; ; attempt++ {
		db, err = sql.Open("pgx", dsn)
		if err == nil {
			if err = db.PingContext(ctx); err == nil {
				break
			}
			db.Close()
		}
		if attempt == 10 {
			return nil, err
		}
		time.Sleep(time.Duration(attempt) * time.Second)
	}
	db.SetMaxOpenConns(15)
	return db, nil
}

// okReplicas configures all pools in a loop over them.
func okReplicas(primaryDSN, replicaDSN string) (primary, replica *sql.DB, err error) {
	if primary, err = sql.Open("pgx", primaryDSN); err != nil {
		return nil, nil, err
	}
	if replica, err = sql.Open("pgx", replicaDSN); err != nil {
		return nil, nil, err
	}
	for _, db := range []*sql.DB{primary, replica} {
		db.SetMaxOpenConns(7)
		db.SetMaxIdleConns(7)
	}
	return primary, replica, nil
}

// badOneOfTwo configures one pool twice and the other never.
func badOneOfTwo(primaryDSN, replicaDSN string) (primary, replica *sql.DB, err error) {
	if primary, err = sql.Open("pgx", primaryDSN); err != nil {
		return nil, nil, err
	}
	replica, err = sql.Open("pgx", replicaDSN) // want "replica has no limit"
	if err != nil {
		return nil, nil, err
	}
	primary.SetMaxOpenConns(7)
	primary.SetMaxOpenConns(7)
	return primary, replica, nil
}

// badShards collects pools and never limits one.
func badShards(dsns []string) ([]*sql.DB, error) {
	var shards []*sql.DB
	for i, dsn := range dsns {
		db, err := sql.Open("postgres", dsn) // want "db has no limit"
		if err != nil {
			return nil, fmt.Errorf("shard %d: %w", i, err)
		}
		shards = append(shards, db)
	}
	return shards, nil
}

// okShards limits each of them where it is opened.
func okShards(dsns map[string]string) (map[string]*sql.DB, error) {
	shards := make(map[string]*sql.DB, len(dsns))
	for name, dsn := range dsns {
		db, err := sql.Open("postgres", dsn)
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(3)
		shards[name] = db
	}
	return shards, nil
}

// okShardsLater opens first and limits in a second loop over the map.
func okShardsLater(dsns map[string]string) (map[string]*sql.DB, error) {
	shards := map[string]*sql.DB{}
	for name, dsn := range dsns {
		db, err := sql.Open("postgres", dsn)
		if err != nil {
			return nil, err
		}
		shards[name] = db
	}
	for _, db := range shards {
		db.SetMaxOpenConns(3)
	}
	return shards, nil
}

// okSQLite is a file, not a server.
func okSQLite(path string) (*sql.DB, error) {
	return sql.Open("sqlite3", "file:"+path+"?_journal=WAL")
}

const embedded = "sqlite"

// okSQLiteConstant names the pure Go driver by a constant.
func okSQLiteConstant(ctx context.Context) error {
	db, err := sql.Open(embedded, ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// okMock is a test double. It has no server behind it.
func okMock(ctx context.Context) error {
	db, mock, err := sqlmock.New(sqlmock.MonitorPingsOption(true))
	if err != nil {
		return err
	}
	defer db.Close()
	mock.ExpectPing()
	return db.PingContext(ctx)
}

// okDialects sets a limit for each server and leaves the file alone.
func okDialects(driver, dsn string) (*sql.DB, error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	switch driver {
	case "pgx", "postgres":
		db.SetMaxOpenConns(20)
	case "mysql":
		db.SetMaxOpenConns(10)
	}
	return db, nil
}

// badDialect knows only at run time which server it talks to. It may well be one.
func badDialect(driver, dsn string) (*sql.DB, error) {
	db, err := sql.Open(driver, dsn) // want "db has no limit"
	if err != nil {
		return nil, fmt.Errorf("%s: %w", driver, err)
	}
	return db, db.Ping()
}

// okConnector limits a pool over a connector of lib/pq.
func okConnector(dsn string) (*sql.DB, error) {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(5)
	return db, nil
}

// badConnector doesn't.
func badConnector(dsn string) (*sql.DB, error) {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil // want `the pool of sql\.OpenDB has no limit`
}

// badConnConfig opens over one connection's configuration. That is no pool and brings no limit.
func badConnConfig(dsn string) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return stdlib.OpenDB(*cfg), nil // want `the pool of stdlib\.OpenDB has no limit`
}

// badGetConnector does the same in two steps.
func badGetConnector(cfg *pgx.ConnConfig) *sql.DB {
	connector := stdlib.GetConnector(*cfg, stdlib.OptionBeforeConnect(func(_ context.Context, c *pgx.ConnConfig) error {
		c.Password = os.Getenv("PGPASSWORD")
		return nil
	}))
	return sql.OpenDB(connector) // want `the pool of sql\.OpenDB has no limit`
}

// okConnConfig limits it.
func okConnConfig(cfg pgx.ConnConfig) *sql.DB {
	db := stdlib.OpenDB(cfg)
	db.SetMaxOpenConns(10)
	return db
}

// badFromPoolConfig looks like a pool's view. It takes only the connection's configuration from it: the limit stays behind.
func badFromPoolConfig(pool *pgxpool.Pool) *sql.DB {
	return stdlib.OpenDB(*pool.Config().ConnConfig) // want `the pool of stdlib\.OpenDB has no limit`
}

// okFromPool is a view of the pool and has its limit.
func okFromPool(pool *pgxpool.Pool) *sql.DB {
	return stdlib.OpenDBFromPool(pool)
}

// badRegistered opens by the name of a registered configuration.
func badRegistered(cfg *pgx.ConnConfig) (*sql.DB, error) {
	name := stdlib.RegisterConnConfig(cfg)
	return sql.Open("pgx", name) // want `the pool of sql\.Open has no limit`
}

// badFuncValue opens through a variable.
func badFuncValue(dsn string) (*sql.DB, error) {
	open := sql.Open
	return open("pgx", dsn) // want "has no limit"
}

// badImportAlias opens through another name of the package.
func badImportAlias(dsn string) (*database.DB, error) {
	return database.Open("pgx", dsn) // want `the pool of database\.Open has no limit`
}

// fakeHandle has a setter of the same name which limits nothing.
type fakeHandle struct{ open int }

func (f *fakeHandle) SetMaxOpenConns(n int) { f.open = n }

// badOtherType calls the setter of another type.
func badOtherType(dsn string) (*sql.DB, *fakeHandle, error) {
	db, err := sql.Open("pgx", dsn) // want "db has no limit"
	if err != nil {
		return nil, nil, err
	}
	fake := &fakeHandle{}
	fake.SetMaxOpenConns(10)
	return db, fake, nil
}

// okOnceValue opens and limits once.
var okOnceValue = sync.OnceValue(func() *sql.DB {
	db, err := sql.Open("pgx", localDSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(10)
	return db
})

// badLazy has the limit nowhere.
func badLazy(dsn string) func() (*sql.DB, error) {
	return sync.OnceValues(func() (*sql.DB, error) {
		return sql.Open("pgx", dsn) // want `the pool of sql\.Open leaves this package without a limit`
	})
}

// okWithDB lends a limited pool to a callback.
func okWithDB(ctx context.Context, dsn string, fn func(context.Context, *sql.DB) error) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	return fn(ctx, db)
}

// badHandler gives the pool to a handler of its own. The handler only reads.
func badHandler(dsn string) (http.Handler, error) {
	db, err := sql.Open("pgx", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		if err := db.QueryRowContext(r.Context(), "select count(*) from visits").Scan(&n); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, n)
	}), nil
}

// okBranches opens in two branches and limits after them.
func okBranches(url string) (*sql.DB, error) {
	var db *sql.DB
	var err error
	if url == "" {
		db, err = sql.Open("pgx", localDSN)
	} else {
		db, err = sql.Open("postgres", url)
	}
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(9)
	return db, nil
}

// badGoroutine counts on a limit that another pool has.
func badGoroutine(ctx context.Context, limited *sql.DB, dsn string) error {
	limited.SetMaxOpenConns(10)
	audit, err := sql.Open("pgx", dsn) // want "audit has no limit"
	if err != nil {
		return err
	}
	go func() {
		defer audit.Close()
		<-ctx.Done()
		audit.Exec("insert into audit values ('stop')")
	}()
	return drain(ctx, limited)
}

// UnknownConsumers are filled by other packages.
var UnknownConsumers []func(any)

// okUnknown gives the pool to code nobody can see from here.
func okUnknown(dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	for _, consume := range UnknownConsumers {
		consume(db)
	}
	return nil
}

// okTuner gives the pool to a function of the caller whose job may be the limit.
func okTuner(dsn string, tune func(*sql.DB)) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	tune(db)
	return db, nil
}

// badZero removes the limit again. Zero means unlimited.
func badZero(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(0) // want `db\.SetMaxOpenConns\(0\) means no limit`
	db.SetMaxIdleConns(4)
	return db, nil
}

// badNegative has the same meaning.
func badNegative(db *sql.DB) {
	db.SetMaxOpenConns(-1) // want `db\.SetMaxOpenConns\(-1\) means no limit`
}
