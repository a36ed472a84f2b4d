// Package good waits no longer than somebody wants the answer.
package good

import (
	"context"
	"log"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Store has the users.
type Store struct{ Pool *pgxpool.Pool }

//page:begin

func (s *Store) Count(ctx context.Context) (n int, err error) {
	err = s.Pool.QueryRow(ctx, "select count(*) from users").Scan(&n)
	return n, err
}

//page:end

//page:begin

func (s *Store) Audit(ctx context.Context, action string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	go func() {
		defer cancel()
		if _, err := s.Pool.Exec(ctx, "insert into audit (action) values ($1)", action); err != nil {
			log.Print(err)
		}
	}()
}

//page:end
