package measure

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Pool is a pool that tells who waits for its connections, which pgxpool.Stat does not.
type Pool struct {
	*pgxpool.Pool
	gauge *gauge
}

// Pool returns a new pool with a limit.
func (l *Lab) Pool(limit int32) *Pool {
	config, err := pgxpool.ParseConfig(l.DSN)
	check(err)
	config.MaxConns = limit
	g := &gauge{limit: int(limit)}
	config.ConnConfig.Tracer = g
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	check(err)
	return &Pool{Pool: pool, gauge: g}
}

// End closes a pool all of whose connections have come back.
func (p *Pool) End(l *Lab) {
	l.Await("all connections have come back", func() bool { return p.Acquired() == 0 })
	p.Close()
	l.Quiet()
}

// Acquired returns how many connections somebody holds.
func (p *Pool) Acquired() int { return int(p.Stat().AcquiredConns()) }

// Waiting returns how many calls wait for a connection while others hold all. A call that is about to get one does not count.
func (p *Pool) Waiting() int {
	if now := p.gauge.now(); now.held == p.gauge.limit {
		return now.waiting
	}
	return 0
}

// Endless returns how many of them wait with a context that never ends.
func (p *Pool) Endless() int { return p.gauge.now().endless }

// Peak returns the largest number so far of connections that were held or waited for at once.
func (p *Pool) Peak() int { return p.gauge.now().peak }

// Meet has the next n calls that get a connection wait for each other before they go on, so all of them hold one at once.
func (p *Pool) Meet(n int) {
	p.gauge.mu.Lock()
	defer p.gauge.mu.Unlock()
	p.gauge.absent, p.gauge.met = n, make(chan struct{})
}

// counts is what a gauge knows.
type counts struct {
	waiting, endless, held, peak int
}

// gauge counts what a pool is asked for.
type gauge struct {
	limit int
	mu    sync.Mutex
	counts
	absent int           // from the meeting
	met    chan struct{} // closed when nobody is absent
}

func (g *gauge) now() counts {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.counts
}

// TraceAcquireStart implements pgxpool.AcquireTracer.
func (g *gauge) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting++
	if ctx.Done() == nil {
		g.endless++
	}
	g.peak = max(g.peak, g.waiting+g.held)
	return ctx
}

// TraceAcquireEnd implements pgxpool.AcquireTracer.
func (g *gauge) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, data pgxpool.TraceAcquireEndData) {
	if met := g.acquired(ctx, data.Err); met != nil {
		<-met
	}
}

// acquired counts the end of a wait, and returns what to wait for if this is one of the calls that meet.
func (g *gauge) acquired(ctx context.Context, err error) chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting--
	if ctx.Done() == nil {
		g.endless--
	}
	if err != nil {
		return nil // it got none
	}
	g.held++
	if g.absent == 0 {
		return nil // there is no meeting
	}
	g.absent--
	if g.absent == 0 {
		close(g.met)
	}
	return g.met
}

// TraceRelease implements pgxpool.ReleaseTracer.
func (g *gauge) TraceRelease(*pgxpool.Pool, pgxpool.TraceReleaseData) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held--
}

// TraceQueryStart implements pgx.QueryTracer, which a tracer has to.
func (g *gauge) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (g *gauge) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
