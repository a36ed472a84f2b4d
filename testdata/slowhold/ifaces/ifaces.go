// Package ifaces: the slow call is behind an interface whose implementations are visible.
package ifaces

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Encrypter asks a key server.
type Encrypter interface {
	Encrypt(ctx context.Context, plain string) (string, error)
}

type vault struct{ url string }

func (v vault) Encrypt(ctx context.Context, plain string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.url, strings.NewReader(plain))
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	return resp.Header.Get("Cipher"), nil
}

// Masker works in memory.
type Masker interface {
	Mask(s string) string
}

type stars struct {
	mu sync.Mutex
	n  int
}

func (s *stars) Mask(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return strings.Repeat("*", len(text))
}

type Secrets struct {
	pool   *pgxpool.Pool
	enc    Encrypter
	masker Masker
}

func New(pool *pgxpool.Pool, url string) *Secrets {
	return &Secrets{pool: pool, enc: vault{url}, masker: &stars{}}
}

func (s *Secrets) BadPut(ctx context.Context, name, plain string) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	cipher, err := s.enc.Encrypt(ctx, plain) // want `tx is held while`
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into secrets values ($1, $2)", name, cipher); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Secrets) OkPut(ctx context.Context, name, plain string) error {
	cipher, err := s.enc.Encrypt(ctx, plain)
	if err != nil {
		return err
	}
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "insert into secrets values ($1, $2)", name, cipher); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Secrets) OkMask(ctx context.Context, name, plain string) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "insert into log values ($1, $2)", name, s.masker.Mask(plain)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Hook has no implementation that can be seen.
type Hook interface {
	Run(ctx context.Context) error
}

func okUnknownHook(ctx context.Context, pool *pgxpool.Pool, h Hook) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := h.Run(ctx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
