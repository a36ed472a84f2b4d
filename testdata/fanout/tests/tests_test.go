package tests

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

func open(tb testing.TB) *Store {
	tb.Helper()
	pool, err := pgxpool.New(tb.Context(), os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		tb.Skip(err)
	}
	tb.Cleanup(pool.Close)
	return &Store{pool: pool}
}

// B13: a test may be wide.
func TestTouchAtOnce(t *testing.T) {
	s := open(t)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			if err := s.Touch(t.Context(), int64(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// B13: so may a benchmark.
func BenchmarkTouch(b *testing.B) {
	s := open(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := s.Touch(b.Context(), 1); err != nil {
				b.Error(err)
			}
		}
	})
}

// okHelper is a helper of tests.
func okHelper(s *Store, ids []int64) {
	for _, id := range ids {
		go s.Touch(context.Background(), id)
	}
}
