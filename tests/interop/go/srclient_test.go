// The client github.com/riferrei/srclient against the server at SYMBOLON_URL.
package interop

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"github.com/riferrei/srclient"
)

func newSrclient() *srclient.SchemaRegistryClient { return srclient.NewSchemaRegistryClient(url()) }

func assertCode(t *testing.T, err error, code int) {
	t.Helper()
	var refused srclient.Error
	if !errors.As(err, &refused) || refused.Code != code {
		t.Fatalf("expected code %d, found %v", code, err)
	}
}

func TestSrclientWritesAMessageThatItReadsById(t *testing.T) {
	producer := newSrclient()
	producer.CodecCreationEnabled(true)
	created, err := producer.CreateSchema("src-orders-value", orderV1, srclient.Avro)
	must(t, err)
	body, err := created.Codec().BinaryFromNative(nil, map[string]any{"id": int64(7)})
	must(t, err)
	message := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(created.ID())), body...)

	consumer := newSrclient()
	consumer.CodecCreationEnabled(true)
	writer, err := consumer.GetSchema(int(binary.BigEndian.Uint32(message[1:5])))
	must(t, err)
	value, _, err := writer.Codec().NativeFromBinary(message[5:])
	must(t, err)
	equal(t, "message", value, any(map[string]any{"id": int64(7)}))
}

func TestSrclientFindsSchemasByVersionLatestAndContent(t *testing.T) {
	client := newSrclient()
	first, err := client.CreateSchema("src-found-value", orderV1, srclient.Avro)
	must(t, err)
	second, err := client.CreateSchema("src-found-value", orderV2, srclient.Avro)
	must(t, err)
	versions, err := client.GetSchemaVersions("src-found-value")
	must(t, err)
	equal(t, "versions", versions, []int{1, 2})
	latest, err := client.GetLatestSchema("src-found-value")
	must(t, err)
	equal(t, "latest", []int{latest.ID(), latest.Version()}, []int{second.ID(), 2})
	old, err := client.GetSchemaByVersion("src-found-value", 1)
	must(t, err)
	equal(t, "version 1", old.ID(), first.ID())
	found, err := client.LookupSchema("src-found-value", orderV1, srclient.Avro)
	must(t, err)
	equal(t, "looked up", found.ID(), first.ID())
	users, err := client.GetSubjectVersionsById(second.ID())
	must(t, err)
	used := false
	for _, user := range users {
		used = used || user.Subject == "src-found-value" && user.Version == 2
	}
	equal(t, "used by version 2", used, true)
	subjects, err := client.GetSubjects()
	must(t, err)
	if !slices.Contains(subjects, "src-found-value") {
		t.Fatalf("subjects: %v", subjects)
	}
}

func TestSrclientSchemasWithReferences(t *testing.T) {
	client := newSrclient()
	_, err := client.CreateSchema("src-address", `{"type":"record","name":"Address","namespace":"src","fields":[{"name":"city","type":"string"}]}`, srclient.Avro)
	must(t, err)
	references := []srclient.Reference{{Name: "src.Address", Subject: "src-address", Version: 1}}
	created, err := client.CreateSchema("src-customer-value", `{"type":"record","name":"Customer","namespace":"src","fields":[{"name":"home","type":"src.Address"}]}`, srclient.Avro, references...)
	must(t, err)
	stored, err := newSrclient().GetSchema(created.ID())
	must(t, err)
	equal(t, "references", stored.References(), references)
}

func TestSrclientCompatibility(t *testing.T) {
	client := newSrclient()
	_, err := client.CreateSchema("src-strict-value", orderV1, srclient.Avro)
	must(t, err)
	_, err = client.CreateSchema("src-strict-value", orderBroken, srclient.Avro)
	assertCode(t, err, 40901)
	compatible, err := client.IsSchemaCompatible("src-strict-value", orderBroken, "latest", srclient.Avro)
	must(t, err)
	equal(t, "broken is compatible", compatible, false)
	compatible, err = client.IsSchemaCompatible("src-strict-value", orderV2, "1", srclient.Avro)
	must(t, err)
	equal(t, "second is compatible", compatible, true)

	level, err := client.GetCompatibilityLevel("src-strict-value", true)
	must(t, err)
	equal(t, "level in force", *level, srclient.Backward)
	_, err = client.ChangeSubjectCompatibilityLevel("src-strict-value", srclient.None)
	must(t, err)
	level, err = client.GetCompatibilityLevel("src-strict-value", false)
	must(t, err)
	equal(t, "own level", *level, srclient.None)
	_, err = client.CreateSchema("src-strict-value", orderBroken, srclient.Avro)
	must(t, err)
}

func TestSrclientDeletesAndSeesTheDeleted(t *testing.T) {
	client := newSrclient()
	_, err := client.CreateSchema("src-gone-value", orderV1, srclient.Avro)
	must(t, err)
	must(t, client.DeleteSubject("src-gone-value", false))
	all, err := client.GetSubjectsIncludingDeleted()
	must(t, err)
	if !slices.Contains(all, "src-gone-value") {
		t.Fatalf("subjects with deleted ones: %v", all)
	}
	_, err = client.CreateSchema("src-gone-value", orderV1, srclient.Avro)
	must(t, err)
	must(t, client.DeleteSubject("src-gone-value", true)) // it deletes softly first, then for good
	all, err = client.GetSubjectsIncludingDeleted()
	must(t, err)
	if slices.Contains(all, "src-gone-value") {
		t.Fatalf("subjects with deleted ones: %v", all)
	}
	_, err = newSrclient().GetLatestSchema("src-gone-value")
	assertCode(t, err, 40401)
}

func TestSrclientWorksBelowAContext(t *testing.T) {
	client := srclient.NewSchemaRegistryClient(url() + "/contexts/.src-team")
	created, err := client.CreateSchema("src-context-value", orderV1, srclient.Avro)
	must(t, err)
	equal(t, "first id of the context", created.ID(), 1)
	read, err := client.GetSchema(1)
	must(t, err)
	equal(t, "schema", read.Schema(), orderV1)
}
