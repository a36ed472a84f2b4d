package catalog

import (
	"errors"
	"fmt"
)

// RowError is what is wrong with one key of a row.
type RowError struct {
	Index int    // of the row, among those that were given
	Row   string // name of its function; empty if that is what is wrong
	Key   string // as users write it; empty if the row as a whole is wrong
	Text  string
}

func (e *RowError) Error() string {
	text := e.Text
	if e.Key != "" {
		text = e.Key + ": " + text
	}
	if e.Row != "" {
		text = e.Row + ": " + text
	}
	return text
}

// misfit is an error at a key of a row that its caller knows.
func misfit(key, format string, args ...any) error {
	return &RowError{Key: key, Text: fmt.Sprintf(format, args...)}
}

// wrong is the error for one key of the row.
func (r *Row) wrong(key, format string, args ...any) error {
	return &RowError{Row: r.Name(), Key: key, Text: fmt.Sprintf(format, args...)}
}

// at says of which row a RowError is.
func at(err error, index int, r *Row) error {
	if e, ok := errors.AsType[*RowError](err); ok {
		e.Index, e.Row = index, r.Name()
	}
	return err
}
