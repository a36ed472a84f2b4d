package gorm

import (
	"context"
	"database/sql"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// okChains hold nothing afterwards.
func (r *Repo) okChains(ctx context.Context, id int64) (u User, err error) {
	if err := r.db.WithContext(ctx).First(&u, id).Error; err != nil {
		return u, err
	}
	var users []User
	q := r.db.Model(&User{}).Where("team = ?", u.Team).Order("id").Limit(10)
	if res := q.Find(&users); res.Error != nil {
		return u, res.Error
	}
	var n int64
	q.Count(&n)
	return u, r.db.Raw("select 1").Scan(&n).Error
}

// okDeferredClose reads the rows.
func (r *Repo) okDeferredClose(ctx context.Context) (users []User, err error) {
	rows, err := r.db.WithContext(ctx).Model(&User{}).Where("team = ?", 1).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u User
		if err := r.db.ScanRows(rows, &u); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// okRow scans it.
func (r *Repo) okRow(id int64) (name string, err error) {
	err = r.db.Table("users").Where("id = ?", id).Select("name").Row().Scan(&name)
	return name, err
}

// okRowVariable scans it later.
func (r *Repo) okRowVariable(id int64) (name string, err error) {
	row := r.db.Raw("select name from users where id = ?", id).Row()
	if err := row.Scan(&name); err != nil {
		return "", err
	}
	return name, nil
}

// okReturned leaves the rows to its caller.
func (r *Repo) okReturned() (*sql.Rows, error) { return r.db.Model(&User{}).Rows() }

// okBatches hold nothing in the callback.
func (r *Repo) okBatches() error {
	var users []User
	return r.db.FindInBatches(&users, 100, func(tx *gorm.DB, _ int) error {
		for i := range users {
			tx.Save(&users[i])
		}
		return nil
	}).Error
}

// badRowsOnScanError leaves them open when ScanRows fails.
func (r *Repo) badRowsOnScanError() (users []User, err error) {
	rows, err := r.db.Model(&User{}).Rows() // want `rows is not closed when ScanRows fails: return at L\d+`
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var u User
		if err := r.db.ScanRows(rows, &u); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, nil
}

// badRowsFirst reads one.
func (r *Repo) badRowsFirst(ctx context.Context) (u User, err error) {
	rows, err := r.db.WithContext(ctx).Raw("select * from users").Rows() // want `rows is not closed on all paths`
	if err != nil {
		return u, err
	}
	if rows.Next() {
		err = r.db.ScanRows(rows, &u)
	}
	return u, err
}

// badRowDropped is never scanned.
func (r *Repo) badRowDropped() error {
	row := r.db.Raw("select now()").Row() // want `row is never scanned`
	return r.db.AddError(row.Err())
}

// badRowsDiscarded wants Exec.
func (r *Repo) badRowsDiscarded() error {
	_, err := r.db.Raw("delete from users").Rows() // want `result of .* is discarded`
	return err
}

// okOpen returns the pool.
func okOpen(dsn string) (*gorm.DB, error) {
	db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	return db, nil
}

// Store keeps the pool.
type Store struct{ db *gorm.DB }

// okStore keeps it.
func okStore(dsn string) (*Store, error) {
	db, err := gorm.Open(postgres.Open(dsn))
	if err != nil {
		return nil, err
	}
	if dsn == "" {
		db = db.Debug()
	}
	return &Store{db: db}, nil
}

// okLimits sets the limits of the pool and returns it.
func okLimits(dsn string) (*gorm.DB, error) {
	db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	sqlDB, err := db.DB()
	if err != nil {
		return nil, err
	}
	sqlDB.SetMaxOpenConns(10)
	return db, nil
}

// okClosed closes the pool where it is.
func okClosed(dsn string) error {
	db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})
	if err != nil {
		return err
	}
	sqlDB, err := db.DB()
	if err != nil {
		return err
	}
	defer sqlDB.Close()
	return db.AutoMigrate(&User{})
}

func closePool(db *gorm.DB) {
	if sqlDB, err := db.DB(); err == nil {
		sqlDB.Close()
	}
}

// okClosedByHelper closes it in a helper.
func okClosedByHelper(dsn string) error {
	db, err := okOpen(dsn)
	if err != nil {
		return err
	}
	defer closePool(db)
	return db.Exec("vacuum").Error
}

// okWrapsPool gives gorm a pool that is there: gorm owns it from now on.
func okWrapsPool(dsn string) (*gorm.DB, error) {
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(10)
	return gorm.Open(postgres.New(postgres.Config{Conn: pool}), &gorm.Config{})
}

// okAssociations hold nothing.
func (r *Repo) okAssociations(u *User) error {
	if r.db.Model(u).Association("Accounts").Count() == 0 {
		return r.db.Model(u).Association("Accounts").Append(&Account{})
	}
	return r.db.Migrator().CreateIndex(&User{}, "team")
}

// badPoolPerCall builds a pool for one query and leaves it behind.
func badPoolPerCall(dsn string) error {
	db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{}) // want `db is never closed`
	if err != nil {
		return err
	}
	db.Exec("vacuum")
	return nil
}
