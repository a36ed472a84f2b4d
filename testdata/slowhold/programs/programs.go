// Package programs: mail and other programs while a connection is held.
package programs

import (
	"bytes"
	"context"
	"database/sql"
	"html/template"
	"net/smtp"
	"os/exec"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Member struct {
	ID   int64
	Mail string
}

type Club struct {
	db   *sql.DB
	pool *pgxpool.Pool
	smtp string
	auth smtp.Auth
	tmpl *template.Template
}

func (c *Club) BadWelcome(ctx context.Context, m Member) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "insert into members values ($1, $2)", m.ID, m.Mail); err != nil {
		return err
	}
	if err := smtp.SendMail(c.smtp, c.auth, "club@example.com", []string{m.Mail}, []byte("welcome")); err != nil { // want `tx is held while`
		return err
	}
	return tx.Commit()
}

func (c *Club) OkWelcome(ctx context.Context, m Member) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "insert into members values ($1, $2)", m.ID, m.Mail); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return smtp.SendMail(c.smtp, c.auth, "club@example.com", []string{m.Mail}, []byte("welcome"))
}

// OkOutbox writes the mail into a table; somebody else sends it.
func (c *Club) OkOutbox(ctx context.Context, m Member) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var text bytes.Buffer
	if err := c.tmpl.Execute(&text, m); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "insert into outbox values ($1, $2)", m.Mail, text.String()); err != nil {
		return err
	}
	return tx.Commit()
}

func (c *Club) BadRun(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		var file string
		if err := tx.QueryRow(ctx, "select file from photos where id = $1 for update", id).Scan(&file); err != nil {
			return err
		}
		if err := exec.CommandContext(ctx, "convert", file, file+".png").Run(); err != nil { // want `is held while`
			return err
		}
		_, err := tx.Exec(ctx, "update photos set file = $2 where id = $1", id, file+".png")
		return err
	})
}

func (c *Club) BadOutput(ctx context.Context, id int64) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	cmd := exec.Command("exiftool", "-json", "photo.jpg")
	out, err := cmd.Output() // want `tx is held while`
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update photos set meta = $2 where id = $1", id, out); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// BadStartWait starts before, and waits in the transaction.
func (c *Club) BadStartWait(ctx context.Context, id int64) error {
	cmd := exec.CommandContext(ctx, "pg_dump", "club")
	if err := cmd.Start(); err != nil {
		return err
	}
	conn, err := c.db.Conn(ctx)
	if err != nil {
		_ = cmd.Process.Kill()
		return err
	}
	defer conn.Close()
	if err := cmd.Wait(); err != nil { // want `conn is held while`
		return err
	}
	_, err = conn.ExecContext(ctx, "insert into dumps values ($1)", id)
	return err
}

// OkCommandOnly doesn't run the command in the transaction.
func (c *Club) OkCommandOnly(ctx context.Context, id int64) error {
	var cmd *exec.Cmd
	err := pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		var file string
		if err := tx.QueryRow(ctx, "select file from photos where id = $1", id).Scan(&file); err != nil {
			return err
		}
		cmd = exec.Command("convert", file, file+".png")
		return nil
	})
	if err != nil {
		return err
	}
	return cmd.Run()
}
