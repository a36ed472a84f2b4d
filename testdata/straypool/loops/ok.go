package loops

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"
)

// Config is what the service reads at its start.
type Config struct {
	Roles  map[string]string // role → DSN
	Shards []Shard
}

// Shard is one database of several.
type Shard struct{ Name, DSN string }

// okRoles keeps one pool per role of the configuration.
func okRoles(ctx context.Context, cfg Config) (map[string]*pgxpool.Pool, error) {
	pools := make(map[string]*pgxpool.Pool, len(cfg.Roles))
	for role, dsn := range cfg.Roles {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			for _, p := range pools {
				p.Close()
			}
			return nil, fmt.Errorf("%s: %w", role, err)
		}
		pools[role] = pool
	}
	return pools, nil
}

// okFixedList ranges over a list in the code.
func okFixedList() (primary, replica *sql.DB, err error) {
	var dbs [2]*sql.DB
	for i, name := range []string{"PRIMARY_URL", "REPLICA_URL"} {
		if dbs[i], err = sql.Open("pgx", os.Getenv(name)); err != nil {
			return nil, nil, err
		}
	}
	return dbs[0], dbs[1], nil
}

type cluster struct{ shards []*sqlx.DB }

// okShards appends to a field.
func okShards(cfg Config) (*cluster, error) {
	c := new(cluster)
	for _, s := range cfg.Shards {
		db, err := sqlx.Connect("pgx", s.DSN)
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(4)
		c.shards = append(c.shards, db)
	}
	return c, nil
}

// okShardsParallel connects to all shards at the same time, at the start. The goroutines are in a loop, but each has its own server.
func okShardsParallel(ctx context.Context, cfg Config) (map[string]*pgxpool.Pool, error) {
	var mu sync.Mutex
	pools := make(map[string]*pgxpool.Pool)
	g, ctx := errgroup.WithContext(ctx)
	for _, s := range cfg.Shards {
		g.Go(func() error {
			pool, err := pgxpool.New(ctx, s.DSN)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			pools[s.Name] = pool
			return nil
		})
	}
	return pools, g.Wait()
}

// okMigrateAll is a tool: it opens, migrates and closes each configured database in turn.
func okMigrateAll(ctx context.Context, cfg Config) error {
	for _, s := range cfg.Shards {
		db, err := sql.Open("pgx", s.DSN)
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, "alter table users add column if not exists note text")
		if err = errors.Join(err, db.Close()); err != nil {
			return fmt.Errorf("migrate %s: %w", s.Name, err)
		}
	}
	return nil
}

func migrate(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "create table if not exists versions (n int)")
	return err
}

// okMigrateArgs is the same tool with the databases on the command line and the work in a function.
func okMigrateArgs(ctx context.Context) error {
	for _, dsn := range os.Args[1:] {
		if err := migrate(ctx, dsn); err != nil {
			return err
		}
	}
	return nil
}

// listen is one session of a listener: it lasts until the connection breaks.
func listen(ctx context.Context, out chan<- string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "listen events"); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		out <- n.Payload
	}
}

// okListenReconnect starts a new session when the old one broke. There is one connection at a time.
func okListenReconnect(ctx context.Context, out chan<- string) {
	for ctx.Err() == nil {
		if err := listen(ctx, out); err != nil && ctx.Err() == nil {
			log.Printf("listen: %v", err)
			time.Sleep(time.Second)
		}
	}
}

// okListenInline has both loops in one function.
func okListenInline(ctx context.Context, wake func()) error {
	for {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(5 * time.Second):
				continue
			}
		}
		if _, err = conn.Exec(ctx, "LISTEN jobs"); err == nil {
			for {
				if _, err = conn.WaitForNotification(ctx); err != nil {
					break
				}
				wake()
			}
		}
		_ = conn.Close(context.Background())
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// okReplication reconnects a stream of the write-ahead log.
func okReplication(ctx context.Context, apply func([]byte)) {
	for ctx.Err() == nil {
		conn, err := pgconn.Connect(ctx, dsn+"?replication=database")
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		for {
			msg, err := conn.ReceiveMessage(ctx)
			if err != nil {
				break
			}
			if raw, err := msg.Encode(nil); err == nil {
				apply(raw)
			}
		}
		_ = conn.Close(context.Background())
	}
}

// okReload swaps the pool when the operator asks for it and closes the old one: there is never more than one in use.
func okReload(ctx context.Context, current *atomic.Pointer[pgxpool.Pool], hup <-chan os.Signal) {
	for range hup {
		next, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
		if err != nil {
			log.Printf("keeping the old pool: %v", err)
			continue
		}
		if old := current.Swap(next); old != nil {
			old.Close()
		}
	}
}

// okOptions has its loop before the construction.
func okOptions(ctx context.Context, opts ...func(*pgxpool.Config)) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	for _, opt := range opts {
		opt(cfg)
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// names needs a pool and returns a list.
func names(ctx context.Context) []string {
	db, err := sqlx.Open("pgx", dsn)
	if err != nil {
		return nil
	}
	defer db.Close()
	var list []string
	_ = db.SelectContext(ctx, &list, "select name from items")
	return list
}

// okRangeExpression evaluates the call once, though it stands in the head of a loop.
func okRangeExpression(ctx context.Context) {
	for _, name := range names(ctx) {
		log.Print(name)
	}
}

// okInitStatement evaluates it once too.
func okInitStatement(ctx context.Context) {
	for i, list := 0, names(ctx); i < len(list); i++ {
		log.Print(list[i])
	}
}

// okMakesFactories stores functions in the loop; none is called.
func okMakesFactories(cfg Config) map[string]func(context.Context) (*pgxpool.Pool, error) {
	out := make(map[string]func(context.Context) (*pgxpool.Pool, error))
	for _, s := range cfg.Shards {
		out[s.Name] = func(ctx context.Context) (*pgxpool.Pool, error) { return pgxpool.New(ctx, s.DSN) }
	}
	return out
}

// okFind builds for the one element that is asked for, and leaves.
func okFind(cfg Config, name string) (*sql.DB, error) {
	for _, s := range cfg.Shards {
		if s.Name == name {
			return sql.Open("pgx", s.DSN)
		}
	}
	return nil, errors.New("no shard " + name)
}

// okFindBreak leaves by break.
func okFindBreak(ctx context.Context, args []string) (pool *pgxpool.Pool, err error) {
	for i, a := range args {
		if a == "-database" && i+1 < len(args) {
			pool, err = pgxpool.New(ctx, args[i+1])
			break
		}
	}
	return pool, err
}

// okSharedByWorkers has the pool outside the loop.
func okSharedByWorkers(ctx context.Context, in <-chan Item) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	g, ctx := errgroup.WithContext(ctx)
	for range 4 {
		g.Go(func() error {
			for it := range in {
				if _, err := pool.Exec(ctx, "insert into items (id) values ($1)", it.ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// okAcquireLoop takes connections of a pool: that is no construction.
func okAcquireLoop(ctx context.Context, pool *pgxpool.Pool, items []Item) error {
	for _, it := range items {
		conn, err := pool.Acquire(ctx)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "insert into items (id) values ($1)", it.ID)
		conn.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// okLazyInLoop builds when the first item needs it, and keeps it.
func okLazyInLoop(ctx context.Context, items []Item) error {
	var db *sql.DB
	for _, it := range items {
		if it.Name == "" {
			continue
		}
		if db == nil {
			var err error
			if db, err = sql.Open("pgx", dsn); err != nil {
				return err
			}
			defer db.Close()
		}
		if _, err := db.ExecContext(ctx, "insert into items (id) values ($1)", it.ID); err != nil {
			return err
		}
	}
	return nil
}

// okLoopOnce has a loop that always leaves after the first round.
func okLoopOnce(ctx context.Context) error {
	for {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, "vacuum"); err != nil {
			return err
		}
		break
	}
	return nil
}
