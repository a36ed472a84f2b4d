// Package comments has comments that silence poolvet, and some that do not.
package comments

import (
	"database/sql"
	"errors"
	"time"
)

// A comment that silences something is right: behind the call, before it, for two rules at once, with other comments around it.
func okUsed(db *sql.DB) {
	_, _ = db.Query("select 1") //poolvet:ignore lostrelease the process ends soon
	//poolvet:ignore lostrelease the process ends soon
	_, _ = db.Query("select 1")
	//poolvet:ignore lostrelease // with the slashes of nolint
	_, _ = db.Query("select 1")
	// A comment for readers.
	//poolvet:ignore lostrelease the process ends soon
	//nolint:errcheck // another linter
	_, _ = db.Query("select 1")
}

func okTwoRules(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	//poolvet:ignore holdwait,lostrelease both are known, see the issue
	_, err = db.Query("select 1")
	return err
}

// What is silenced may be advice, which is not reported without strict.
func okAdvice(open func(string) (*sql.DB, error)) (*sql.DB, error) {
	db, err := sql.Open("pgx", "")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(50) //poolvet:ignore poollimit the server has 500
	return db, nil
}

// Nobody knows whether a rule that is off would have something to say.
func okSwitchedOff(db *sql.DB) error {
	for db.Ping() != nil { //poolvet:ignore nodeadline it is a tool
		time.Sleep(time.Second)
	}
	return errors.New("no")
}

// Prose about poolvet:ignore is an ordinary comment: poolvet:ignore lostrelease.
func okProse() {
	//nolint:poolvet // nothing here, and nolintlint says so
	_ = 1
	//poolvet:ignored is another word
	/* Nor does prose count in such a comment: poolvet:ignore holdwait. */
}
