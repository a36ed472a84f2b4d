// Package domain: the interfaces of a service; it imports no database library.
package domain

import (
	"context"
	"errors"
)

var ErrNotFound = errors.New("not found")

type User struct {
	ID    int64
	Email string
	Attrs []byte
}

// UserCursor is a stream of users.
type UserCursor interface {
	Next() bool
	User() (User, error)
	Close()
}

type UserRepo interface {
	Get(ctx context.Context, id int64) (*User, error)
	Stream(ctx context.Context) (UserCursor, error)
}

// Session is a unit of work.
type Session interface {
	Save(ctx context.Context, u User) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

type SessionFactory interface {
	Begin(ctx context.Context) (Session, error)
}
