// Package service: a service that knows the interfaces and, through the wiring, their one implementation; it imports no database library.
package service

import (
	"context"
	"fmt"

	"example.com/poolvet/testdata/lostrelease/examined/domain"
	"example.com/poolvet/testdata/lostrelease/examined/pgrepo"
)

type Service struct {
	repo domain.UserRepo
	sf   domain.SessionFactory
	pg   *pgrepo.Repo
}

func New(r *pgrepo.Repo) *Service { return &Service{repo: r, sf: r, pg: r} }

func (s *Service) badI101FirstUser(ctx context.Context) (domain.User, error) {
	c, err := s.pg.Stream(ctx) // want "c is not closed"
	if err != nil {
		return domain.User{}, err
	}
	if c.Next() {
		return c.User()
	}
	return domain.User{}, domain.ErrNotFound
}

func (s *Service) okI101FirstUser(ctx context.Context) (domain.User, error) {
	c, err := s.pg.Stream(ctx)
	if err != nil {
		return domain.User{}, err
	}
	defer c.Close()
	if c.Next() {
		return c.User()
	}
	return domain.User{}, domain.ErrNotFound
}

// Through the interface: the one implementation that the imports show holds rows (the mock does not).
func (s *Service) badI102FirstUserIface(ctx context.Context) (domain.User, error) {
	c, err := s.repo.Stream(ctx) // want "c is not closed"
	if err != nil {
		return domain.User{}, err
	}
	if c.Next() {
		return c.User()
	}
	return domain.User{}, domain.ErrNotFound
}

func (s *Service) okI102FirstUserIface(ctx context.Context) (domain.User, error) {
	c, err := s.repo.Stream(ctx)
	if err != nil {
		return domain.User{}, err
	}
	defer c.Close()
	if c.Next() {
		return c.User()
	}
	return domain.User{}, domain.ErrNotFound
}

func (s *Service) badI103Session(ctx context.Context, u domain.User) error {
	sess, err := s.pg.Begin(ctx) // want "sess is not closed"
	if err != nil {
		return err
	}
	if u.Email == "" {
		return fmt.Errorf("user %d: no email", u.ID)
	}
	if err := sess.Save(ctx, u); err != nil {
		sess.Rollback(ctx)
		return err
	}
	return sess.Commit(ctx)
}

func (s *Service) okI103Session(ctx context.Context, u domain.User) error {
	if u.Email == "" {
		return fmt.Errorf("user %d: no email", u.ID)
	}
	sess, err := s.pg.Begin(ctx)
	if err != nil {
		return err
	}
	if err := sess.Save(ctx, u); err != nil {
		sess.Rollback(ctx)
		return err
	}
	return sess.Commit(ctx)
}

func (s *Service) badI104SessionIface(ctx context.Context, u domain.User) error {
	sess, err := s.sf.Begin(ctx) // want "sess is not closed"
	if err != nil {
		return err
	}
	if err := sess.Save(ctx, u); err != nil {
		return err
	}
	return sess.Commit(ctx)
}

func (s *Service) okI104SessionIface(ctx context.Context, u domain.User) (err error) {
	sess, err := s.sf.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = sess.Rollback(ctx)
		} else {
			err = sess.Commit(ctx)
		}
	}()
	return sess.Save(ctx, u)
}

func (s *Service) okI105GetOnly(ctx context.Context, id int64) (string, error) {
	u, err := s.repo.Get(ctx, id)
	if err != nil {
		return "", err
	}
	return u.Email, nil
}
