// Package scope: whether the context of the caller is there to be passed on.
package scope

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"github.com/robfig/cron/v3"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
)

// API serves.
type API struct {
	pool *pgxpool.Pool
}

func badParameter(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(context.Background(), "select 1") // want `^context\.Background\(\) has no deadline, and ctx is in scope: pool\.Exec waits for a connection for ever when the pool is exhausted; pass ctx$`
	return err
}

func badHidden(ctx context.Context, pool *pgxpool.Pool) error {
	if true {
		ctx := context.Background()
		pool.Exec(ctx, "select 1") // want `^ctx has no deadline \(context\.Background\(\) at L31\), and hides the caller's: pool\.Exec waits .*; pass the caller's$`
	}
	return nil
}

func (a *API) badHandler(w http.ResponseWriter, r *http.Request) {
	a.pool.Exec(context.Background(), "select 1") // want `^context\.Background\(\) has no deadline, and r\.Context\(\) is in scope: .*; pass r\.Context\(\)$`
}

func (a *API) badGin(c *gin.Context) {
	a.pool.Exec(context.TODO(), "select 1") // want `has no deadline, and c\.Request\.Context\(\) is in scope`
}

func (a *API) badEcho(c echo.Context) error {
	ctx := context.Background()
	_, err := a.pool.Exec(ctx, "select 1") // want `^ctx has no deadline \(context\.Background\(\) at L46\), and c\.Request\(\)\.Context\(\) is in scope`
	return err
}

func (a *API) badFiber(c *fiber.Ctx) error {
	_, err := a.pool.Exec(context.Background(), "select 1") // want `has no deadline, and c\.UserContext\(\) is in scope`
	return err
}

func (a *API) badStream(stream grpc.ServerStream) error {
	_, err := a.pool.Exec(context.Background(), "select 1") // want `has no deadline, and stream\.Context\(\) is in scope`
	return err
}

func (a *API) badUnnamed(_ context.Context, id int) error {
	_, err := a.pool.Exec(context.Background(), "select $1", id) // want `has no deadline, and the caller's context is in scope: .*; pass the caller's context$`
	return err
}

func (a *API) badJoined(ctx context.Context) error {
	var g errgroup.Group
	g.Go(func() error {
		_, err := a.pool.Exec(context.Background(), "select 1") // want `has no deadline, and ctx is in scope: .*; pass ctx$`
		return err
	})
	return g.Wait()
}

func (a *API) badWaited(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		a.pool.Exec(context.Background(), "select 1") // want `has no deadline, and ctx is in scope`
	}()
	wg.Wait()
}

// The request is over when the goroutine runs: its context is no help.
func (a *API) badFireAndForget(w http.ResponseWriter, r *http.Request) {
	go func() {
		a.pool.Exec(context.Background(), "insert into hits values (1)") // want `^context\.Background\(\) has no deadline: pool\.Exec waits for a connection for ever when the pool is exhausted; use context\.WithTimeout$`
	}()
	go a.audit(context.Background(), "hit")                                           // want `^context\.Background\(\) has no deadline: a\.audit waits for a connection for ever when the pool is exhausted \(Pool\.Exec at scope\.go:\d+\); use context\.WithTimeout$`
	go a.pool.Exec(context.WithoutCancel(r.Context()), "insert into hits values (2)") // want `^context\.WithoutCancel\(r\.Context\(\)\) has no deadline: .*; add context\.WithTimeout$`
}

func (a *API) badAtTheEnd(ctx context.Context) error {
	defer func() {
		a.pool.Exec(context.Background(), "delete from locks") // want `^context\.Background\(\) has no deadline: .*; use context\.WithTimeout$`
	}()
	return ctx.Err()
}

func (a *API) badCron(ctx context.Context, c *cron.Cron) {
	c.AddFunc("@daily", func() {
		a.pool.Exec(context.Background(), "delete from old") // want `^context\.Background\(\) has no deadline: .*; use context\.WithTimeout$`
	})
}

func (a *API) badRoute(ctx context.Context, mux *http.ServeMux) {
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		a.pool.Exec(context.Background(), "select 1") // want `and r\.Context\(\) is in scope`
	})
}

// A readiness probe takes its connection from the pool of the requests.
func (a *API) badProbe(w http.ResponseWriter, r *http.Request) {
	if err := a.pool.Ping(context.Background()); err != nil { // want `and r\.Context\(\) is in scope: pool\.Ping waits`
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (a *API) audit(ctx context.Context, action string) {
	a.pool.Exec(ctx, "insert into audit values ($1)", action)
}

func (a *API) okHandler(w http.ResponseWriter, r *http.Request) {
	a.pool.Exec(r.Context(), "select 1")
	a.audit(r.Context(), "hit")
}

func (a *API) okFireAndForget(w http.ResponseWriter, r *http.Request) {
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Second)
		defer cancel()
		a.audit(ctx, "hit")
	}()
}

// badPing has a context and does not use it.
func (a *API) badPing(ctx context.Context) error {
	return a.pool.Ping(context.Background()) // want `and ctx is in scope: pool\.Ping waits`
}

func (a *API) okEcho(c echo.Context) error {
	_, err := a.pool.Exec(c.Request().Context(), "select 1")
	return err
}

func (a *API) okFiber(c *fiber.Ctx) error {
	_, err := a.pool.Exec(c.UserContext(), "select 1")
	return err
}
