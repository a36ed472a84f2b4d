// Package pud: pools and connections whose callbacks capture what is going to own them.
package pud

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/puddle/v2"
)

type Pool struct {
	p    *puddle.Pool[*int]
	once sync.Once
	n    int
}

func (p *Pool) Close() { p.once.Do(func() { p.p.Close() }) }

func okA140(ctx context.Context) (*Pool, error) {
	p := &Pool{}
	var err error
	p.p, err = puddle.NewPool(&puddle.Config[*int]{
		Constructor: func(ctx context.Context) (*int, error) { p.n++; return new(int), nil },
		Destructor:  func(*int) { p.n-- },
		MaxSize:     3,
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func okA141(ctx context.Context) (*Pool, error) {
	p := &Pool{}
	var err error
	p.p, err = puddle.NewPool(&puddle.Config[*int]{MaxSize: 3})
	if err != nil {
		return nil, err
	}
	return p, nil
}

type PP struct {
	p *pgxpool.Pool
	n int
}

func (p *PP) Close() { p.p.Close() }

func okA142(ctx context.Context, cfg *pgxpool.Config) (*PP, error) {
	p := &PP{}
	cfg.BeforeClose = nil
	var err error
	f := func() { p.n++ }
	p.p, err = pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	f()
	return p, nil
}
