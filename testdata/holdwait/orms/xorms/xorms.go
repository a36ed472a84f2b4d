// Package xorms: xorm, whose session is the holder.
package xorms

import "xorm.io/xorm"

type Issue struct {
	ID    int64
	Title string
}

type Tracker struct{ engine *xorm.Engine }

func (t *Tracker) OkSession(issue *Issue) error {
	session := t.engine.NewSession()
	defer session.Close()
	if err := session.Begin(); err != nil {
		return err
	}
	if _, err := session.Insert(issue); err != nil {
		return err
	}
	if _, err := session.Exec("update repos set issues = issues + 1"); err != nil {
		return err
	}
	return session.Commit()
}

// OkLazySession: a session that hasn't begun holds nothing.
func (t *Tracker) OkLazySession(issue *Issue) error {
	session := t.engine.NewSession()
	defer session.Close()
	if _, err := t.engine.Exec("update repos set issues = issues + 1"); err != nil {
		return err
	}
	_, err := session.Insert(issue)
	return err
}

func (t *Tracker) BadTransaction(issue *Issue) error {
	_, err := t.engine.Transaction(func(s *xorm.Session) (any, error) {
		if _, err := s.Insert(issue); err != nil {
			return nil, err
		}
		return t.engine.Count(&Issue{}) // want `second connection while \S+ holds one`
	})
	return err
}

func (t *Tracker) OkTransaction(issue *Issue) error {
	_, err := t.engine.Transaction(func(s *xorm.Session) (any, error) {
		if _, err := s.Insert(issue); err != nil {
			return nil, err
		}
		return s.Count(&Issue{})
	})
	return err
}

// BadIterate: Iterate holds its rows while the function runs.
func (t *Tracker) BadIterate() error {
	return t.engine.Iterate(&Issue{}, func(_ int, bean any) error {
		_, err := t.engine.Delete(bean) // want `second connection while \S+ holds one`
		return err
	})
}

func (t *Tracker) OkIterate() error {
	var old []*Issue
	err := t.engine.Iterate(&Issue{}, func(_ int, bean any) error {
		old = append(old, bean.(*Issue))
		return nil
	})
	if err != nil {
		return err
	}
	for _, issue := range old {
		if _, err := t.engine.Delete(issue); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tracker) BadRows() error {
	rows, err := t.engine.Rows(&Issue{})
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var issue Issue
		if err := rows.Scan(&issue); err != nil {
			return err
		}
		if _, err := t.engine.Update(&issue); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

func (t *Tracker) BadSession(issue *Issue) error {
	session := t.engine.NewSession()
	defer session.Close()
	if err := session.Begin(); err != nil {
		return err
	}
	if _, err := session.Insert(issue); err != nil {
		return err
	}
	if _, err := t.engine.Exec("update repos set issues = issues + 1"); err != nil { // want `second connection while session holds one`
		return err
	}
	return session.Commit()
}
