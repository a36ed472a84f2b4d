package postgres

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"
)

// answer answers one message.
func (c *Conn) answer(kind byte, body []byte) error {
	if c.skipping && kind != 'S' && kind != 'X' {
		return nil // an error has ended this batch of messages
	}
	switch kind {
	case 'Q':
		var m pgproto3.Query
		if err := m.Decode(body); err != nil {
			return err
		}
		if !c.control(m.String) {
			c.binary = false
			if c.script.Choose(2) == 1 {
				c.fail("42601", "the statement fails")
			} else {
				c.describe()
				c.rows(twoRows)
			}
		}
		c.skipping = false
		c.ready()
	case 'P':
		var m pgproto3.Parse
		if err := m.Decode(body); err != nil {
			return err
		}
		if c.script.Choose(2) == 1 {
			c.fail("42601", "the statement is wrong")
			c.skipping = true
			return nil
		}
		c.prepared[m.Name] = m.Query
		c.send(&pgproto3.ParseComplete{})
	case 'D':
		var m pgproto3.Describe
		if err := m.Decode(body); err != nil {
			return err
		}
		if m.ObjectType == 'S' {
			c.send(&pgproto3.ParameterDescription{})
		}
		c.describe()
	case 'B':
		var m pgproto3.Bind
		if err := m.Decode(body); err != nil {
			return err
		}
		c.bound = c.prepared[m.PreparedStatement]
		c.binary = len(m.ResultFormatCodes) > 0 && m.ResultFormatCodes[0] == 1
		c.send(&pgproto3.BindComplete{})
	case 'E':
		if !c.control(c.bound) {
			c.rows(c.script.Choose(outcomes))
		}
	case 'C':
		c.send(&pgproto3.CloseComplete{})
	case 'S':
		c.skipping = false
		c.ready()
	case 'H': // flush: there is nothing that waits
	case 'X':
		c.ended = true
	default:
		return fmt.Errorf("%w: %c", errUnknown, kind)
	}
	return nil
}

// describe sends the one column that all statements have.
func (c *Conn) describe() {
	format := int16(0)
	if c.binary {
		format = 1
	}
	c.send(&pgproto3.RowDescription{Fields: []pgproto3.FieldDescription{
		{Name: []byte("id"), DataTypeOID: pgtype.Int8OID, DataTypeSize: 8, TypeModifier: -1, Format: format},
	}})
}

// rows sends the rows of a query.
func (c *Conn) rows(outcome int) {
	if c.status == 'E' {
		c.fail("25P02", "current transaction is aborted")
		c.skipping = true
		return
	}
	one := []byte("1")
	if c.binary {
		one = binary.BigEndian.AppendUint64(nil, 1)
	}
	n := 0
	for _, row := range [outcomes][][]byte{twoRows: {one, one}, nullRow: {nil}, cutOff: {one}}[outcome] {
		c.send(&pgproto3.DataRow{Values: [][]byte{row}})
		n++
	}
	if outcome == cutOff || outcome == failure {
		c.fail("57014", "the query fails")
		c.skipping = true
		return
	}
	c.send(&pgproto3.CommandComplete{CommandTag: fmt.Appendf(nil, "SELECT %d", n)})
}

// control does a statement of a transaction, and reports whether it was one.
func (c *Conn) control(sql string) bool {
	verb, rest, _ := strings.Cut(sql, " ")
	tag := strings.ToUpper(verb)
	switch verb {
	case "begin":
		if c.script.Choose(2) == 1 {
			c.fail("57014", "begin fails")
			return true
		}
		c.status = 'T'
	case "commit":
		switch {
		case c.script.Choose(2) == 1:
			c.status = 'I'
			c.fail("40001", "commit fails")
			return true
		case c.status == 'E':
			tag = "ROLLBACK"
		}
		c.status = 'I'
	case "rollback":
		if strings.HasPrefix(rest, "to") {
			c.status = 'T'
		} else {
			c.status = 'I'
		}
	case "savepoint", "release":
		if c.status == 'E' || c.script.Choose(2) == 1 {
			c.fail("25P02", "current transaction is aborted")
			return true
		}
	case "--", ";", "": // a ping
		c.send(&pgproto3.EmptyQueryResponse{})
		return true
	default:
		return false
	}
	c.send(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
	return true
}
