// Package contexts: what becomes of a context on its way to the call.
package contexts

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc/metadata"
)

type key struct{}

var background = context.Background()

var current = context.Background()

func setCurrent(ctx context.Context) { current = ctx }

func exec(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func badValue(pool *pgxpool.Pool) error {
	ctx := context.WithValue(context.Background(), key{}, 1)
	_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline \(context\.Background\(\) at L\d+\): pool\.Exec waits`
	return err
}

func badCancel(pool *pgxpool.Pool) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline \(context\.Background\(\) at L\d+\)`
	return err
}

func badSignal(pool *pgxpool.Pool) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline`
	return err
}

func badGroup(pool *pgxpool.Pool) error {
	g, ctx := errgroup.WithContext(context.Background())
	g.Go(func() error {
		_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline \(context\.Background\(\) at L\d+\)`
		return err
	})
	return g.Wait()
}

func badMetadata(pool *pgxpool.Pool) error {
	ctx := metadata.NewOutgoingContext(context.Background(), metadata.Pairs("a", "b"))
	_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline`
	return err
}

func badPackageVariable(pool *pgxpool.Pool) error {
	_, err := pool.Exec(background, "select 1") // want `^background has no deadline \(context\.Background\(\) at L\d+\)`
	return err
}

func badBothWays(pool *pgxpool.Pool, traced bool) error {
	ctx := context.Background()
	if traced {
		ctx = context.WithValue(ctx, key{}, 1)
	}
	_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline`
	return err
}

func badCaptured(pool *pgxpool.Pool) func() error {
	ctx := context.Background()
	return func() error {
		_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline`
		return err
	}
}

func badAgain(pool *pgxpool.Pool, keys []any) error {
	ctx := context.TODO()
	for _, k := range keys {
		ctx = context.WithValue(ctx, k, 1)
	}
	_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline \(context\.TODO\(\)`
	return err
}

func fresh() context.Context { return context.Background() }

func badMadeByFunction(pool *pgxpool.Pool) error {
	_, err := pool.Exec(fresh(), "select 1") // want `^fresh\(\) has no deadline \(context\.Background\(\) at L\d+\)`
	return err
}

func tagged(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, 1) }

func badThroughFunction(pool *pgxpool.Pool) error {
	ctx := tagged(context.Background())
	_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline`
	return err
}

func badLiteral(pool *pgxpool.Pool) {
	go func(ctx context.Context) {
		pool.Exec(ctx, "select 1") // want `^ctx has no deadline \(context\.Background\(\) at L\d+\)`
	}(context.Background())
}

// The end of a timeout is thrown away with the context that has it.
func badDropped(ctx context.Context, pool *pgxpool.Pool) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	ctx = context.WithoutCancel(ctx)
	_, err := pool.Exec(ctx, "select 1") // want `^ctx has no deadline \(context\.WithoutCancel\(ctx\) at L\d+\): .*; add context\.WithTimeout$`
	return err
}

func okPerhaps(pool *pgxpool.Pool, timeout time.Duration) error {
	ctx := context.Background()
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func okIfNil(ctx context.Context, pool *pgxpool.Pool) error {
	if ctx == nil {
		ctx = context.Background()
	}
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func okValueOfTimeout(pool *pgxpool.Pool) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	ctx = context.WithValue(ctx, key{}, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	_, err := pool.Exec(ctx, "select 1")
	return err
}

// Something may have assigned another one.
func okReassigned(pool *pgxpool.Pool) error {
	_, err := pool.Exec(current, "select 1")
	return err
}

func limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Second)
}

func okMadeByFunction(pool *pgxpool.Pool) error {
	ctx, cancel := limited()
	defer cancel()
	_, err := pool.Exec(ctx, "select 1")
	return err
}

// A timer ends it.
func okTimer(pool *pgxpool.Pool) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	timer := time.AfterFunc(time.Second, cancel)
	defer timer.Stop()
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func okTimerInGoroutine(pool *pgxpool.Pool) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-time.After(time.Second)
		cancel()
	}()
	_, err := pool.Exec(ctx, "select 1")
	return err
}

// Job has a context and what ends it.
type Job struct {
	ctx    context.Context
	cancel context.CancelFunc
	pool   *pgxpool.Pool
}

// Somebody else ends it.
func okCancelKept(pool *pgxpool.Pool) *Job {
	ctx, cancel := context.WithCancel(context.Background())
	pool.Exec(ctx, "select 1")
	return &Job{ctx: ctx, cancel: cancel, pool: pool}
}

func (j *Job) okField() error {
	_, err := j.pool.Exec(j.ctx, "select 1")
	return err
}

func okRequests(pool *pgxpool.Pool, r *http.Request, c *gin.Context) {
	pool.Exec(r.Context(), "select 1")
	pool.Exec(c, "select 1")
	pool.Exec(c.Request.Context(), "select 1")
	ctx := context.WithValue(r.Context(), key{}, 1)
	pool.Exec(ctx, "select 1")
}

func okUnknown(pool *pgxpool.Pool, from func() context.Context) error {
	_, err := pool.Exec(from(), "select 1")
	return err
}

func okGroup(ctx context.Context, pool *pgxpool.Pool) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return exec(ctx, pool) })
	return g.Wait()
}

// deadline is a context of the program's own.
type deadline struct {
	context.Context
	at time.Time
}

func (d deadline) Deadline() (time.Time, bool) { return d.at, true }

func okOwnContext(pool *pgxpool.Pool) error {
	_, err := pool.Exec(deadline{context.Background(), time.Now().Add(time.Second)}, "select 1")
	return err
}

func okOtherVariable(pool *pgxpool.Pool) error {
	var once sync.Once
	ctx := context.Background()
	once.Do(func() { setCurrent(ctx) })
	limit, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := pool.Exec(limit, "select 1")
	return err
}
