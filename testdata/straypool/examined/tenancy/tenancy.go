// Package tenancy has the interface and two openers.
package tenancy

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Source yields a pool for a tenant.
type Source interface {
	Pool(ctx context.Context, tenant string) (*pgxpool.Pool, error)
}

// Fresh opens a pool each time.
type Fresh struct{ Base string }

// Pool implements Source.
func (f *Fresh) Pool(ctx context.Context, tenant string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, f.Base+tenant)
}

// Single has one pool for all tenants; the schema is chosen per query.
type Single struct {
	DSN string
	mu  sync.Mutex
	p   *pgxpool.Pool
}

// Pool implements Source.
func (s *Single) Pool(ctx context.Context, _ string) (*pgxpool.Pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.p != nil {
		return s.p, nil
	}
	p, err := pgxpool.New(ctx, s.DSN)
	if err != nil {
		return nil, err
	}
	s.p = p
	return p, nil
}

// API is an HTTP API over a Source.
type API struct{ Src Source }

// NewAPI returns the API over s.
func NewAPI(s Source) *API { return &API{Src: s} }
