"""What PostgreSQL has to do at the very least: one statement for each thing measured, with the same writes."""

BOOK = """
WITH patient AS (
  SELECT p.id FROM patients_patient p WHERE p.practice_id = %(practice)s AND p.id = %(patient)s::uuid FOR UPDATE
), free AS (
  SELECT s.id FROM appointments_slot s, patient
  WHERE s.practice_id = %(practice)s AND s.id = %(slot)s::uuid AND NOT EXISTS (
    SELECT FROM appointments_appointment a
    WHERE a.practice_id = s.practice_id AND a.slot_id = s.id AND a.status = 'booked')
  FOR UPDATE OF s
), made AS (
  INSERT INTO appointments_appointment (practice_id, id, slot_id, seat, patient_id, status, outcome, reason, comment,
    contact_telephone, extra_reason, booked_at, booked_by, booked_through, cancelled_through, cancel_reason)
  SELECT %(practice)s, %(id)s::uuid, id, 1, %(patient)s::uuid, 'booked', '', 'A cough', '', '', '', now(),
    %(account)s::uuid, 'online', '', '' FROM free
  ON CONFLICT DO NOTHING RETURNING id
), trail AS (
  INSERT INTO audit_entry (practice_id, id, at, event, asker, asker_name, account_id, patient_id, subject_id, channel,
    refused_by, vot, details)
  SELECT %(practice)s, %(key)s::uuid, now(), 'appointment.booked', 'acting', '', %(account)s::uuid, %(patient)s::uuid,
    made.id, 'online', '', '', '{}' FROM made
), keys AS (
  INSERT INTO storage_idempotentrequest (practice_id, account_id, key, action, digest, asked_at, outcome)
  SELECT %(practice)s, %(account)s::uuid, %(key)s::uuid, 'appointment.booked', repeat('0', 64), now(), '{}' FROM made
), messages AS (
  INSERT INTO notify_message (practice_id, id, patient_id, kind, about, part, status, route, made_at, due_at, attempts,
    trouble, provider_id, subject, body)
  SELECT %(practice)s, %(key)s::uuid, %(patient)s::uuid, 'appointment-booked', made.id, 0, 'waiting', '', now(), now(),
    0, '', '', '', '' FROM made
), jobs AS (
  INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)
  SELECT 'messages', 'patient_online.notify.jobs.deliver', 'message:' || (%(key)s::uuid)::text,
    jsonb_build_object('practice_id', %(practice)s::text, 'message_id', (%(key)s::uuid)::text) FROM made
)
SELECT count(*) FROM made
"""
MOVE = f"""
WITH old AS (
  UPDATE appointments_appointment SET status = 'cancelled', cancelled_at = now(), cancelled_by = %(account)s::uuid,
    cancelled_through = 'online', cancel_reason = 'moved'
  WHERE practice_id = %(practice)s AND id = %(appointment)s::uuid AND status = 'booked' RETURNING id
), {BOOK.strip().removeprefix("WITH ").replace("appointments_slot s, patient", "appointments_slot s, patient, old")}
"""  # noqa: S608 - made of constants
SLOT = """
SELECT jsonb_build_object('starts_at', s.starts_at, 'ends_at', s.ends_at, 'mode', s.mode, 'label', t.label,
  'guidance', t.guidance, 'clinician', c.name, 'site', i.name, 'address', i.address)::text
FROM appointments_slot s
JOIN appointments_slottype t ON t.practice_id = s.practice_id AND t.id = s.type_id
JOIN appointments_schedule h ON h.practice_id = s.practice_id AND h.id = s.schedule_id
JOIN practices_staffmember c ON c.practice_id = s.practice_id AND c.id = h.clinician_id
JOIN practices_site i ON i.practice_id = s.practice_id AND i.id = h.site_id
WHERE s.practice_id = %(practice)s AND s.id = %(slot)s::uuid
"""
SEARCH = """
WITH free AS (
  SELECT s.id, s.starts_at, s.ends_at, s.mode, s.schedule_id, s.type_id,
    (s.starts_at AT TIME ZONE 'Europe/London')::date AS day
  FROM appointments_slot s
  WHERE s.practice_id = %(practice)s AND s.online AND s.status = 'open'
    AND s.starts_at BETWEEN now() AND now() + interval '14 days' AND NOT EXISTS (
      SELECT FROM appointments_appointment a
      WHERE a.practice_id = s.practice_id AND a.slot_id = s.id AND a.status = 'booked')
)
SELECT jsonb_build_object(
  'days', (SELECT jsonb_object_agg(day, n) FROM (SELECT day, count(*) AS n FROM free GROUP BY day) counted),
  'slots', (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'starts_at', f.starts_at, 'mode', f.mode,
      'label', t.label, 'clinician', c.name, 'site', i.name) ORDER BY f.starts_at)
    FROM free f
    JOIN appointments_slottype t ON t.practice_id = %(practice)s AND t.id = f.type_id
    JOIN appointments_schedule h ON h.practice_id = %(practice)s AND h.id = f.schedule_id
    JOIN practices_staffmember c ON c.practice_id = %(practice)s AND c.id = h.clinician_id
    JOIN practices_site i ON i.practice_id = %(practice)s AND i.id = h.site_id
    WHERE f.day = (SELECT min(day) FROM free)))::text
"""
DAY = """
WITH slots AS (
  SELECT s.starts_at, s.ends_at, s.mode, t.name AS kind, c.name AS clinician, a.patient_id, a.reason,
    p.given_name || ' ' || p.family_name AS patient, p.birth_date
  FROM appointments_slot s
  JOIN appointments_slottype t ON t.practice_id = s.practice_id AND t.id = s.type_id
  JOIN appointments_schedule h ON h.practice_id = s.practice_id AND h.id = s.schedule_id
  JOIN practices_staffmember c ON c.practice_id = s.practice_id AND c.id = h.clinician_id
  LEFT JOIN appointments_appointment a ON a.practice_id = s.practice_id AND a.slot_id = s.id AND a.status = 'booked'
  LEFT JOIN patients_patient p ON p.practice_id = a.practice_id AND p.id = a.patient_id
  WHERE s.practice_id = %(practice)s AND s.starts_at >= current_date AND s.starts_at < current_date + 1
), trail AS (
  INSERT INTO audit_entry (practice_id, id, at, event, asker, asker_name, account_id, patient_id, channel, refused_by,
    vot, details)
  SELECT DISTINCT ON (patient_id) %(practice)s, gen_random_uuid(), now(), 'appointment.day_seen', 'staff', '',
    %(account)s::uuid, patient_id, 'desk', '', '', '{}'::jsonb FROM slots WHERE patient_id IS NOT NULL
)
SELECT coalesce(jsonb_agg(to_jsonb(slots)), '[]')::text FROM slots
"""
STATEMENTS = {"book": BOOK, "hot": BOOK, "move": MOVE, "slot": SLOT, "search": SEARCH, "day": DAY}
