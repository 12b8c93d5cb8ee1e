package dev.errand.automation.schedule.calendar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 9 * * 1-5 | At 09:30 on weekdays",
        "@daily | At 00:00 every day",
        "@hourly | Every hour on the hour",
        "@weekly | At 00:00 on Sundays",
        "@monthly | At 00:00 on the 1st of every month",
        "@yearly | At 00:00 on the 1st of January",
        "* * * * * | Every minute",
        "*/15 * * * * | Every 15 minutes",
        "*/7 * * * * | At 0, 7, 14, 21, 28, 35, 42, 49 and 56 minutes past every hour",
        "1 * * * * | Every hour at 1 minute past",
        "15,45 * * * * | At 15 and 45 minutes past every hour",
        "0 9,17 * * * | At 09:00 and 17:00 every day",
        "0,30 9,17 * * 6,0 | At 09:00, 09:30, 17:00 and 17:30 at weekends",
        "0 */6 * * * | At 00:00, 06:00, 12:00 and 18:00 every day",
        "0 */2 * * * | Every 2 hours from 00:00 to 22:00",
        "30 9-17 * * mon-fri | Every hour from 09:30 to 17:30 on weekdays",
        "*/15 9-17 * * 1-5 | Every 15 minutes from 09:00 to 17:45 on weekdays",
        "*/20 9 * * * | At 09:00, 09:20 and 09:40 every day",
        "0,1,2,3,4,5,6 9 * * * | At 0 to 6 minutes past 09:00",
        "* 9 * * * | Every minute from 09:00 to 09:59",
        "* 9,12 * * * | Every minute in the hours 09 and 12",
        "5,10 9-17/2 1,15 jan-mar * | At 5 and 10 minutes past the hours 09, 11, 13, 15 and 17 on the"
            + " 1st and 15th of January to March",
        "0 0 13 * 5 | At 00:00 on the 13th of every month, and on Fridays",
        "0 0 1-7 6 mon,tue | At 00:00 on the 1st to 7th of June, and on Mondays and Tuesdays in June",
        "0 9 */2 * 1 | At 09:00 on every 2nd day from the 1st on of every month, but only on Mondays",
        "0 9 1-31 * 1 | At 09:00 every day",
        "0 9 * 7,8 * | At 09:00 every day in July and August",
        "0 9 * jan-mar 2,4,7 | At 09:00 on Tuesdays, Thursdays and Sundays in January to March",
        "0 9 22,23,31 12 * | At 09:00 on the 22nd, 23rd and 31st of December",
        "0 9 11-13 * * | At 09:00 on the 11th to 13th of every month",
      })
  void anExpressionIsSaidInPlainEnglish(String cron, String words) {
    assertEquals(
        words + ", in Europe/Berlin",
        new CronRule(Cron.parse(cron), ZoneId.of("Europe/Berlin")).words());
  }
}
