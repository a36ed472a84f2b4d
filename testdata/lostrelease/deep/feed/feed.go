// Package feed is the middle of three: it opens what package store gives it, and wraps it for package report.
package feed

import (
	"context"
	"fmt"

	"example.com/poolvet/testdata/lostrelease/store"
)

// Feed owns a cursor of the store.
type Feed struct {
	cursor *store.Cursor
	Title  string
}

// OkOpen opens one.
func OkOpen(ctx context.Context, s *store.Store, title string) (*Feed, error) {
	c, err := s.OkCursor(ctx, "select name from entries")
	if err != nil {
		return nil, fmt.Errorf("feed %q: %w", title, err)
	}
	return &Feed{cursor: c, Title: title}, nil
}

// BadOpen loses the cursor when there is no title.
func BadOpen(ctx context.Context, s *store.Store, title string) (*Feed, error) {
	c, err := s.OkCursor(ctx, "select name from entries") // want "c is not closed"
	if err != nil {
		return nil, err
	}
	if title == "" {
		return nil, fmt.Errorf("no title")
	}
	return &Feed{cursor: c, Title: title}, nil
}

// Entry reads the next entry.
func (f *Feed) Entry() (string, bool, error) { return f.cursor.Next() }

// Done closes the cursor.
func (f *Feed) Done() {
	if f.cursor != nil {
		f.cursor.Close()
	}
}

// OkWith runs fn with an open feed.
func OkWith(ctx context.Context, s *store.Store, fn func(*Feed) error) error {
	f, err := OkOpen(ctx, s, "all")
	if err != nil {
		return err
	}
	defer f.Done()
	return fn(f)
}

// Ending ends a feed for those who have it; the name says nothing.
func Ending(f *Feed) { f.Done() }
