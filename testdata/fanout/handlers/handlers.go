// Package handlers: goroutines that requests leave behind. There is one for each request, and nothing bounds the requests.
package handlers

import (
	"context"
	"encoding/json"
	"log"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
)

// API serves.
type API struct {
	pool   *pgxpool.Pool
	audits chan string
	slots  chan struct{}
	once   sync.Once
	flight singleflight.Group
}

func (a *API) audit(ctx context.Context, action string) {
	if _, err := a.pool.Exec(ctx, "insert into audit (action) values ($1)", action); err != nil {
		slog.Error("audit", "error", err)
	}
}

// U1: fire and forget in a handler.
func (a *API) badHandler(w http.ResponseWriter, r *http.Request) {
	go a.audit(context.Background(), r.URL.Path) // want `no bound \(one on each request`
	w.WriteHeader(http.StatusAccepted)
}

func badHandlerFunc(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		go pool.Exec(context.WithoutCancel(r.Context()), "insert into hits values ($1)", r.URL.Path) // want `no bound \(one on each request`
		w.WriteHeader(http.StatusAccepted)
	}
}

func (a *API) badMiddleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		go func() { // want `no bound \(one on each request`
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			a.audit(ctx, r.Method)
		}()
		next.ServeHTTP(w, r)
	})
}

func (a *API) badGin(c *gin.Context) {
	copied := c.Copy()
	go func() { // want `no bound \(one on each request`
		a.audit(context.Background(), copied.Request.URL.Path)
	}()
	c.Status(http.StatusAccepted)
}

func (a *API) badEcho(c echo.Context) error {
	path := c.Path()
	go a.audit(context.Background(), path) // want `no bound \(one on each request`
	return c.NoContent(http.StatusAccepted)
}

func (a *API) badFiber(c *fiber.Ctx) error {
	path := c.Path()
	go a.audit(context.Background(), path) // want `no bound \(one on each request`
	return c.SendStatus(http.StatusAccepted)
}

func (a *API) badChi(r chi.Router) {
	r.Post("/orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		go a.audit(context.Background(), chi.URLParam(r, "id")) // want `no bound \(one on each request`
	})
}

func (a *API) badMux(mux *http.ServeMux) {
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		go func(user string) { // want `no bound \(one on each request`
			a.audit(context.Background(), "login "+user)
		}(r.FormValue("user"))
	})
}

// badLoopInHandler has a goroutine for each item of the body.
func (a *API) badLoopInHandler(w http.ResponseWriter, r *http.Request) {
	var ids []int64
	if err := json.NewDecoder(r.Body).Decode(&ids); err != nil {
		http.Error(w, "body", http.StatusBadRequest)
		return
	}
	g, ctx := errgroup.WithContext(r.Context())
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			_, err := a.pool.Exec(ctx, "call touch($1)", id)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		http.Error(w, "database", http.StatusInternalServerError)
	}
}

func (a *API) badRegister(w http.ResponseWriter, r *http.Request) {
	if err := a.register(r.Context(), r.FormValue("user")); err != nil { // want `leaves a goroutine behind .*one on each request`
		http.Error(w, "database", http.StatusInternalServerError)
	}
}

// Upgrade stands for a websocket library.
func Upgrade(w http.ResponseWriter, r *http.Request) <-chan []byte { return make(chan []byte) }

// register is called by a handler. What it starts is left behind.
func (a *API) register(ctx context.Context, user string) error {
	if _, err := a.pool.Exec(ctx, "insert into users values ($1)", user); err != nil {
		return err
	}
	go a.audit(context.WithoutCancel(ctx), "register "+user)
	return nil
}

// U9: a goroutine for each websocket, which outlives the handler.
func (a *API) badWebsocket(w http.ResponseWriter, r *http.Request) {
	messages := Upgrade(w, r)
	go func() { // want `no bound \(one on each request`
		for m := range messages {
			a.audit(context.Background(), string(m))
		}
	}()
}

// okInline: the server has a goroutine for each request, that is its business.
func (a *API) okInline(w http.ResponseWriter, r *http.Request) {
	a.audit(r.Context(), r.URL.Path)
	w.WriteHeader(http.StatusNoContent)
}

// okTwoJoined: count and page, waited for (B1).
func (a *API) okTwoJoined(w http.ResponseWriter, r *http.Request) {
	var total int
	var names []string
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error { return a.pool.QueryRow(ctx, "select count(*) from items").Scan(&total) })
	g.Go(func() error {
		return a.pool.QueryRow(ctx, "select array_agg(name) from items limit 20").Scan(&names)
	})
	if err := g.Wait(); err != nil {
		http.Error(w, "database", http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"total": total, "names": names})
}

// okOneJoined waits for its goroutine.
func (a *API) okOneJoined(w http.ResponseWriter, r *http.Request) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.audit(r.Context(), r.URL.Path)
	}()
	w.Header().Set("X-Path", r.URL.Path)
	<-done
}

func (a *API) okNoQuery(w http.ResponseWriter, r *http.Request) {
	go log.Print(r.URL.Path)
	w.WriteHeader(http.StatusNoContent)
}

// okSend hands over to the one that writes.
func (a *API) okSend(w http.ResponseWriter, r *http.Request) {
	select {
	case a.audits <- r.URL.Path:
	default:
		slog.Warn("audit dropped")
	}
}

func (a *API) okWriter(ctx context.Context) {
	go func() {
		for action := range a.audits {
			a.audit(ctx, action)
		}
	}()
}

// okAdmission starts one if there is a slot.
func (a *API) okAdmission(w http.ResponseWriter, r *http.Request) {
	select {
	case a.slots <- struct{}{}:
		go func() {
			defer func() { <-a.slots }()
			a.audit(context.Background(), "report")
		}()
		w.WriteHeader(http.StatusAccepted)
	default:
		http.Error(w, "busy", http.StatusTooManyRequests)
	}
}

// okOnce starts the background loop with the first request.
func (a *API) okOnce(w http.ResponseWriter, r *http.Request) {
	a.once.Do(func() {
		go func() {
			for range time.Tick(time.Minute) {
				a.audit(context.Background(), "alive")
			}
		}()
	})
	w.WriteHeader(http.StatusNoContent)
}

// B8: singleflight with one key.
func (a *API) okSingleflight(w http.ResponseWriter, r *http.Request) {
	ch := a.flight.DoChan("rates", func() (any, error) {
		var rate float64
		err := a.pool.QueryRow(context.Background(), "select rate from rates").Scan(&rate)
		return rate, err
	})
	select {
	case res := <-ch:
		_ = json.NewEncoder(w).Encode(res.Val)
	case <-r.Context().Done():
	}
}

// okMain serves in a goroutine; the handlers are behind it.
func (a *API) okMain(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/", a.okInline)
	srv := &http.Server{Addr: ":8080", Handler: mux}
	go srv.ListenAndServe()
	<-ctx.Done()
	return srv.Shutdown(context.WithoutCancel(ctx))
}

// okStart is called once, at the start of the program.
func (a *API) okStart(ctx context.Context) {
	go a.audit(ctx, "start")
}
