// Package pgrepo: domain's interfaces on pgx.
package pgrepo

import (
	"context"

	"example.com/poolvet/testdata/lostrelease/examined/domain"
)

// MockRepo is a hand-written mock: its cursor holds nothing.
type MockRepo struct {
	GetFn    func(ctx context.Context, id int64) (*domain.User, error)
	StreamFn func(ctx context.Context) (domain.UserCursor, error)
	Users    []domain.User
}

var _ domain.UserRepo = (*MockRepo)(nil)

func (m *MockRepo) Get(ctx context.Context, id int64) (*domain.User, error) { return m.GetFn(ctx, id) }

func (m *MockRepo) Stream(ctx context.Context) (domain.UserCursor, error) {
	if m.StreamFn != nil {
		return m.StreamFn(ctx)
	}
	return &sliceCursor{us: m.Users, i: -1}, nil
}

type sliceCursor struct {
	us []domain.User
	i  int
}

func (s *sliceCursor) Next() bool { s.i++; return s.i < len(s.us) }

func (s *sliceCursor) User() (domain.User, error) { return s.us[s.i], nil }

func (s *sliceCursor) Close() {}

// The concrete mock cursor holds nothing.
func okR106MockCursor(ctx context.Context, m *MockRepo) bool {
	c := &sliceCursor{us: m.Users, i: -1}
	return c.Next()
}
