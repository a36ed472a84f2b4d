// Package variables: slow functions in variables, as programs keep them for their tests.
package variables

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

var sleep = time.Sleep

type Pacer struct {
	pool *pgxpool.Pool
	mu   sync.Mutex
}

func (p *Pacer) BadSleep(ctx context.Context) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	sleep(time.Second) // want `tx is held while sleep sleeps`
	return tx.Commit(ctx)
}

func (p *Pacer) refresh(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.pool.Exec(ctx, "select pg_sleep(1)")
	return err
}

func (p *Pacer) BadLockValue(ctx context.Context) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	lock, unlock := p.mu.Lock, p.mu.Unlock
	lock() // want `tx is held while lock waits for a lock`
	unlock()
	return tx.Commit(ctx)
}

// OkSleepAfter pauses when the transaction is over.
func (p *Pacer) OkSleepAfter(ctx context.Context) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	sleep(time.Second)
	return p.refresh(ctx)
}
