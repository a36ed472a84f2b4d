package comments

import "database/sql"

func badNothingToReport(db *sql.DB) error {
	// want +1 `poolvet:ignore: lostrelease has nothing to report here; remove it`
	_, err := db.Exec("select 1") //poolvet:ignore lostrelease somebody else closes it
	return err
}

func badOtherRule(db *sql.DB) {
	// want +1 `poolvet:ignore: holdwait has nothing to report here; remove it`
	//poolvet:ignore holdwait the wrong rule
	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

func badOneOfTwo(db *sql.DB) {
	// want +1 `poolvet:ignore: fanout has nothing to report here; remove it`
	//poolvet:ignore lostrelease,fanout one is enough
	_, _ = db.Query("select 1")
}

func badOtherLine(db *sql.DB) {
	// want +1 `poolvet:ignore: lostrelease has nothing to report here; remove it`
	//poolvet:ignore lostrelease too far away

	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

func badNoReason(db *sql.DB) {
	// want +1 `poolvet:ignore has no reason and does not count; say behind the rule why it may be ignored`
	//poolvet:ignore lostrelease
	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

func badUnknown(db *sql.DB) {
	// want +1 `poolvet:ignore: unknown rule "lostreleases" \(did you mean "lostrelease"\?\)`
	//poolvet:ignore lostreleases the session closes it
	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

func badNoRule(db *sql.DB) {
	// want +1 `poolvet:ignore names no rule; write //poolvet:ignore rule reason`
	//poolvet:ignore
	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

func badBlank(db *sql.DB) {
	// want +1 `a blank before poolvet:ignore makes it an ordinary comment; remove the blank`
	// poolvet:ignore lostrelease the session closes it
	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

// A comment cannot silence the rule that looks at comments.
func badItself(db *sql.DB) {
	// want +1 `poolvet:ignore: badignore cannot be silenced by a comment; switch it off in the settings`
	//poolvet:ignore badignore the next one is old
	_ = db
}

func badTwoBlanks(db *sql.DB) {
	// want +1 `a blank before poolvet:ignore makes it an ordinary comment; remove the blank`
	//  poolvet:ignore
	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

func badTab(db *sql.DB) {
	// want +1 `a blank before poolvet:ignore makes it an ordinary comment; remove the blank`
	//	poolvet:ignore lostrelease the session closes it
	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

func badColon(db *sql.DB) {
	// want +1 `a colon behind poolvet:ignore makes it an ordinary comment; write //poolvet:ignore rule reason`
	//poolvet:ignore:lostrelease the session closes it
	_, _ = db.Query("select 1") // want `result of db.Query is discarded`
}

func badBlock(db *sql.DB) {
	// want +1 `poolvet:ignore counts in a comment of the form // only`
	_, _ = db.Query("select 1") /*poolvet:ignore lostrelease the session closes it*/ // want `result of db.Query is discarded`
}

func badTwoInOne(db *sql.DB) {
	// want +1 `a second poolvet:ignore in one comment does not count; name several rules as in //poolvet:ignore rule,rule reason`
	_, _ = db.Query("select 1") //poolvet:ignore lostrelease one //poolvet:ignore holdwait another
}

func badBehindTab(db *sql.DB) {
	// want +1 `poolvet:ignore: fanout has nothing to report here; remove it`
	//poolvet:ignore	lostrelease, fanout	blanks of any kind
	_, _ = db.Query("select 1")
}
