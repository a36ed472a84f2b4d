// Package report is the top of three: it knows package feed only.
package report

import (
	"context"
	"errors"

	"example.com/poolvet/testdata/lostrelease/deep/feed"
	"example.com/poolvet/testdata/lostrelease/store"
)

var errEmpty = errors.New("empty feed")

// okFirst ends the feed.
func okFirst(ctx context.Context, s *store.Store) (string, error) {
	f, err := feed.OkOpen(ctx, s, "news")
	if err != nil {
		return "", err
	}
	defer f.Done()
	entry, ok, err := f.Entry()
	if err == nil && !ok {
		err = errEmpty
	}
	return entry, err
}

// okByHelper ends it by a function of the other package.
func okByHelper(ctx context.Context, s *store.Store) (string, error) {
	f, err := feed.OkOpen(ctx, s, "news")
	if err != nil {
		return "", err
	}
	defer feed.Ending(f)
	entry, _, err := f.Entry()
	return entry, err
}

// okWith is given one.
func okWith(ctx context.Context, s *store.Store) (n int, err error) {
	err = feed.OkWith(ctx, s, func(f *feed.Feed) error {
		for {
			_, ok, err := f.Entry()
			if err != nil || !ok {
				return err
			}
			n++
		}
	})
	return n, err
}

// badFirst does not end it.
func badFirst(ctx context.Context, s *store.Store) (string, error) {
	f, err := feed.OkOpen(ctx, s, "news") // want "f is n"
	if err != nil {
		return "", err
	}
	entry, _, err := f.Entry()
	return entry, err
}

// badUntitled does not when the entry has no text.
func badUntitled(ctx context.Context, s *store.Store) (string, error) {
	f, err := feed.OkOpen(ctx, s, "news") // want "f is n"
	if err != nil {
		return "", err
	}
	entry, ok, err := f.Entry()
	if err != nil || !ok {
		f.Done()
		return "", err
	}
	if entry == "" {
		return "", errEmpty
	}
	f.Done()
	return entry, nil
}
